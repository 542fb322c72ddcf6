import { UserError } from '@berth/domain/errors';
import semver from 'semver';

/** Release lines that get security updates and are made for production (Node's release schedule); the newest is the default. */
export const nodeLts = ['20', '22', '24'] as const;
export const nodeDefaultMajor = '24';

/** Names of `.nvmrc` (`lts/iron`) and their lines. */
const ltsNames: Record<string, string> = { hydrogen: '18', iron: '20', jod: '22', krypton: '24' };

/**
 * The newest of the known versions that a wish (semver range, `v22`, `lts/*`, `lts/iron`, `node`, `latest`) allows.
 * Without one the newest of the current LTS line; a range that a LTS line satisfies (`>=18`) gets the newest LTS one.
 */
export function pickNodeVersion(wish: string | undefined, known: readonly string[]): string {
  const stable = known.filter((version) => semver.valid(version) && !semver.prerelease(version));
  const range = rangeOf(wish);
  if (semver.validRange(range) === null)
    throw new UserError('bad_request', `${JSON.stringify(wish)} is not a version of Node.js that we understand.`);
  const matching = stable.filter((version) => semver.satisfies(version, range));
  const lts = matching.filter((version) => (nodeLts as readonly string[]).includes(String(semver.major(version))));
  const picked = semver.maxSatisfying(isOpenEnded(range) && lts.length > 0 ? lts : matching, '*');
  if (!picked) {
    const lines = [...new Set(stable.map((version) => semver.major(version)))].sort((a, b) => b - a);
    throw new UserError(
      'bad_request',
      `There is no Node.js ${wish}. The newest of each line: ${lines
        .slice(0, 6)
        .map((major) => semver.maxSatisfying(stable, `${major}`))
        .join(', ')}.`,
    );
  }
  return picked;
}

function rangeOf(wish: string | undefined): string {
  const text = (wish ?? '').trim();
  if (text === '' || text === 'lts/*' || text === 'lts') return nodeDefaultMajor;
  if (text === 'node' || text === 'latest' || text === 'current' || text === 'stable') return '*';
  const name = /^lts\/([a-z]+)$/i.exec(text)?.[1]?.toLowerCase();
  return (name && ltsNames[name]) ?? text;
}

/** `>=18`, `*`: would otherwise take a line that is not LTS yet. `node` and `latest` say they want it. */
const isOpenEnded = (range: string) => range !== '*' && semver.satisfies('999.0.0', range);
