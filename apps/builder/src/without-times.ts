import type { LayerEntry } from '@berth/images/layer';

/** pnpm's notes on a tree, with the time at which it was made: the only difference between two installs of one lockfile. */
const notes = /(^|\/)(\.modules\.yaml|\.pnpm-workspace-state(-v\d+)?\.json)$/;

/** The same packages give the same layer: times that package managers write into their trees are those of every layer. */
export function withoutTimes(entries: readonly LayerEntry[]): Promise<LayerEntry[]> {
  return Promise.all(
    entries.map(async (entry) => {
      const { path, content } = entry;
      if (!content || !notes.test(path)) return entry;
      const text = (await (typeof content === 'function' ? content() : content)).toString();
      const steady = Buffer.from(
        text
          .replace(/"prunedAt":\s*"[^"]*"/, '"prunedAt": "Wed, 01 Jan 2025 00:00:00 GMT"')
          .replace(/^prunedAt:.*$/m, 'prunedAt: Wed, 01 Jan 2025 00:00:00 GMT')
          .replace(/"lastValidatedTimestamp":\s*\d+/, '"lastValidatedTimestamp": 1735689600000'),
      );
      return { ...entry, content: steady, sizeBytes: steady.length };
    }),
  );
}
