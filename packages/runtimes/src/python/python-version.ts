import { UserError } from '@berth/domain/errors';

/** A Python that can be had: `3.13.5`, and from where. */
export interface PythonBuild {
  version: string;
  source:
    | { kind: 'stack' }
    /** Packages of another Debian release, which still get security patches there. */
    | { kind: 'suite'; suite: string }
    /** A relocatable build, by its version in the Maven repository. */
    | { kind: 'artifact'; artifact: string };
}

/**
 * The build that an app's wish means: the newest that it allows, the stack's own Python before others of its minor. An
 * exact patch that is not there (`3.12.4`) means its minor: patches of one are made to be exchanged.
 */
export function pickPython(wish: string | undefined, known: readonly PythonBuild[]): PythonBuild {
  const stack = known.find(({ source }) => source.kind === 'stack');
  const text = cleanWish(wish);
  if (text === '' && stack) return stack;
  const allows = parseWish(text);
  if (!allows)
    throw new UserError('bad_request', `${JSON.stringify(wish)} is not a version of Python that we understand.`);
  const matching = known.filter(({ version }) => allows(partsOf(version)));
  // An open range is no wish for another than the default.
  if (stack && matching.includes(stack)) return stack;
  const picked = newest(matching) ?? sameMinor(text, known);
  if (picked) return picked;
  const all = [...known].sort((a, b) => compare(partsOf(b.version), partsOf(a.version)));
  throw new UserError(
    'bad_request',
    `There is no Python ${text}. There are: ${all.map(({ version }) => version).join(', ')}.`,
  );
}

/** true when a wish allows this build, or means its minor. */
export function allowsPython(wish: string | undefined, build: PythonBuild): boolean {
  const text = cleanWish(wish);
  return text === '' || parseWish(text)?.(partsOf(build.version)) === true || sameMinor(text, [build]) !== undefined;
}

/** `python-3.12.4` (runtime.txt), `3.12.x`, `v3.12`. */
function cleanWish(wish: string | undefined): string {
  const text = (wish ?? '').trim().replace(/^(cpython|python)[-@ ]?(?=\d)/i, '');
  return text.replace(/^v(?=\d)/, '');
}

type Version = readonly [major: number, minor: number, patch: number];

function partsOf(version: string): Version {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return [major, minor, patch];
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

function newest(builds: readonly PythonBuild[]): PythonBuild | undefined {
  return [...builds].sort((a, b) => compare(partsOf(b.version), partsOf(a.version)))[0];
}

function sameMinor(text: string, known: readonly PythonBuild[]): PythonBuild | undefined {
  const exact = /^={0,3}\s*(\d+\.\d+)\.\d+$/.exec(text)?.[1];
  return exact === undefined ? undefined : newest(known.filter(({ version }) => version.startsWith(`${exact}.`)));
}

type Allows = (version: Version) => boolean;

/**
 * Version specifiers of PEP 440 for final releases, with Poetry's `^`, `~` and `||` beside them. undefined: not one of them.
 */
function parseWish(text: string): Allows | undefined {
  const alternatives = text.split('||').map((part) => parseAll(part.trim()));
  if (alternatives.some((one) => one === undefined)) return undefined;
  return (version) => alternatives.some((allows) => allows!(version));
}

function parseAll(text: string): Allows | undefined {
  // Poetry separates by spaces too: ">=3.10 <4".
  const clauses = text
    .replace(/([<>=!~^])\s+/g, '$1')
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseClause);
  if (clauses.some((clause) => clause === undefined)) return undefined;
  return (version) => clauses.every((allows) => allows!(version));
}

function parseClause(text: string): Allows | undefined {
  if (text === '*') return () => true;
  const [, operator = '', number = '', wildcard] =
    /^(===|==|~=|!=|<=|>=|<|>|\^|~)?(\d+(?:\.\d+){0,2})(\.(?:\*|x))?(?:\.\d+)*(?:\.?(?:a|b|rc|dev|post)\d*)?$/.exec(
      text,
    ) ?? [];
  if (number === '') return undefined;
  const given = number.split('.').map(Number);
  const low = partsOf(number);
  /** The first version that no longer begins with the first `count` numbers. */
  const after = (count: number): Version => {
    const raised = given.slice(0, count);
    raised[count - 1]! += 1;
    return partsOf(raised.join('.'));
  };
  const below =
    (limit: Version): Allows =>
    (version) =>
      compare(version, low) >= 0 && compare(version, limit) < 0;
  const isOfSeries = below(after(given.length));
  switch (operator) {
    case '~=':
      return given.length < 2 ? undefined : below(after(given.length - 1));
    case '^':
      return below(after(low[0] > 0 || given.length === 1 ? 1 : 2));
    case '~':
      return below(after(Math.min(2, given.length)));
    case '!=':
      return (version) => (wildcard ? !isOfSeries(version) : compare(version, low) !== 0);
    case '>=':
      return (version) => compare(version, low) >= 0;
    case '<=':
      // Of `<=3.12` people mean all of 3.12, where PEP 440 means 3.12.0.
      return (version) => compare(version, low) <= 0 || isOfSeries(version);
    case '<':
      return (version) => compare(version, low) < 0;
    case '>':
      // PEP 440: `>3.11` does allow 3.11.1.
      return (version) => compare(version, low) > 0;
    default:
      return isOfSeries;
  }
}
