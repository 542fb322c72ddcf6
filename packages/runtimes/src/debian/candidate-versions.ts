import type { Sources } from '../sources.js';
import { openApt } from './open-apt.js';

/** The newest versions that the archive has of some packages, by name; one that it does not have is left out. */
export async function candidateVersions(
  sources: Pick<Sources, 'apt' | 'cacheDir'>,
  names: readonly string[],
): Promise<Record<string, string>> {
  const apt = await openApt({ sources, status: '' });
  try {
    const { stdout } = await apt.run(['apt-cache', 'policy', '--', ...names]);
    return parsePolicy(stdout.toString());
  } finally {
    await apt.close();
  }
}

/** Output of `apt-cache policy`: `name:`, and below it `  Candidate: version` or `(none)`. */
export function parsePolicy(text: string): Record<string, string> {
  const blocks = text.matchAll(/^(\S+):\n(?: .*\n)*? {2}Candidate: (\S+)$/gm);
  return Object.fromEntries(
    [...blocks].flatMap(([, name, version]) => (version === '(none)' ? [] : [[name, version]])),
  );
}
