import type { FetchedBuildpack } from '@berth/domain/image-labels';

/**
 * What classic buildpacks were fetched as, by the lines that the script of run-classic.ts left before it ran each. A folder of the app is
 * part of its commit and has none. Untrusted: the buildpacks ran beside them since; what is no such line is left out.
 */
export function readSources(lines: readonly string[]): FetchedBuildpack[] {
  return lines.flatMap((line) => {
    const [, kind, digest = '', source = ''] =
      line.match(/^(gitCommit|sha256) ([0-9a-f]{40,64}) (https?:\/\/\S+)\n?$/) ?? [];
    return kind === 'gitCommit' || kind === 'sha256' ? [{ source, digest: { [kind]: digest } }] : [];
  });
}
