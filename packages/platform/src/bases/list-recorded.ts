import type { Platform } from '../platform.js';

/** Which of these digests are remembered (recordBase). */
export async function listRecorded(
  platform: Platform,
  { digests }: { digests: readonly string[] },
): Promise<Set<string>> {
  const rows = await platform.db.base.findMany({ where: { digest: { in: [...digests] } }, select: { digest: true } });
  return new Set(rows.map(({ digest }) => digest));
}
