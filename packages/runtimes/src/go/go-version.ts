import { UserError } from '@berth/domain/errors';

/**
 * The newest patch of the line of Go that a wish names: `1.24`, `1.24.3`, `go1.24.3`, `^1.24` … each mean the newest 1.24.x,
 * as go.mod's `go` and `toolchain` lines ask for a version of at least that. Nothing, `latest` and `1` mean the newest of all.
 * A line that is known, but without a patch as new as the wish, is a UserError too.
 */
export function pickGoVersion(wish: string | undefined, known: readonly string[]): string {
  const sorted = known
    .map(numbersOf)
    .filter((one) => one !== undefined)
    .sort(compare);
  const text = (wish ?? '').trim();
  if (/^(|latest|stable|1|1\.x|\*)$/.test(text)) return newestOf(sorted, wish);
  const [, major, minor, patch = '0'] = /^[\^~>=v]*\s*(?:go)?(\d+)\.(\d+)(?:\.(\d+|x|\*))?$/.exec(text) ?? [];
  if (major === undefined || minor === undefined)
    throw new UserError('bad_request', `${JSON.stringify(text)} is not a version of Go that we understand.`);
  const line = sorted.filter((one) => one[0] === Number(major) && one[1] === Number(minor));
  return newestOf(
    line.filter((one) => one[2] >= (Number(patch) || 0)),
    wish,
    sorted,
  );
}

/** The versions among the rows of the toolchain module's list that run here, without betas and release candidates. */
export function goVersionsOf(list: string): string[] {
  return [...list.matchAll(/^v0\.0\.1-go(\d+\.\d+(?:\.\d+)?)\.linux-amd64$/gm)].map((match) => match[1]!);
}

type Numbers = [number, number, number];

function newestOf(sorted: readonly Numbers[], wish: string | undefined, known: readonly Numbers[] = sorted): string {
  const newest = sorted.at(-1);
  if (newest) return newest.join('.');
  const lines = new Map(known.map((one) => [`${one[0]}.${one[1]}`, one.join('.')]));
  throw new UserError(
    'bad_request',
    `There is no Go ${wish ?? ''}. The newest of each line: ${[...lines.values()].reverse().slice(0, 7).join(', ')}.`,
  );
}

/** `1.20` was a release too: before 1.21 the first of a line had two numbers. Those are older than what the proxy lists. */
function numbersOf(version: string): Numbers | undefined {
  const [major, minor, patch] = version.split('.').map(Number);
  return major === undefined || minor === undefined || patch === undefined ? undefined : [major, minor, patch];
}

const compare = (a: Numbers, b: Numbers) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
