import type { Platform } from '../platform.js';

/** Keeps the whole output of a build or of a release phase for good; what is there is replaced. */
export async function storeOutput(
  platform: Platform,
  { text, ...owner }: { text: string } & ({ buildId: string } | { releaseId: string }),
): Promise<void> {
  const kept = text.replaceAll('\0', ''); // PostgreSQL's text has no NUL
  await platform.db.output.upsert({ where: owner, update: { text: kept }, create: { ...owner, text: kept } });
}
