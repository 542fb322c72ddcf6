import { UserError } from '@berth/domain/errors';

/** What an app gets that names no version: Debian's own default, a long-term line that every build tool in use knows. */
export const javaDefaultMajor = '21';

/** One line of Java that the stack's archive has. */
export interface JavaLine {
  /** `21` */
  major: string;
  /** `21.0.13` */
  version: string;
  /** `21.0.13+2-1~deb13u1` */
  debianVersion: string;
  /** The Debian release that it comes from, when that is not the stack's. */
  suite?: string;
}

/** The lines among Debian's packages, the oldest first; `candidates` are versions by package name. */
export function javaLines(candidates: Readonly<Record<string, string>>, suite?: string): JavaLine[] {
  const lines = Object.entries(candidates).flatMap(([name, debianVersion]) => {
    const major = /^openjdk-(\d+)-jre-headless$/.exec(name)?.[1];
    const version = /^[\d.]+/.exec(debianVersion)?.[0];
    // A line before its first release has `~ea` in its version.
    return major && version && !debianVersion.includes('~ea')
      ? [{ major, version, debianVersion, ...(suite ? { suite } : {}) }]
      : [];
  });
  return lines.sort((a, b) => Number(a.major) - Number(b.major));
}

/**
 * The line that a wish means. `>=17` (a language level) is satisfied by any newer line: the default one, or the oldest that
 * is new enough. `21`, `21.0.4`, `openjdk-21`, `21.0.4-tem`, `temurin-21.0.4+7` mean that major version in its newest patch,
 * since Debian has one of each line only.
 */
export function findJavaLine(wish: string | undefined, lines: readonly JavaLine[]): JavaLine | undefined {
  const level = levelOf(wish);
  const major = level === undefined ? majorOf(wish) : majorForLevel(Number(level), lines);
  return lines.find((line) => line.major === major);
}

/** For a wish that findJavaLine has no line for. */
export function noSuchJava(wish: string | undefined, lines: readonly JavaLine[]): UserError {
  const level = levelOf(wish);
  const what = level === undefined ? `Java ${wish}` : `Java ${level} or newer`;
  const there = lines.map(({ version }) => version).join(', ');
  return new UserError('bad_request', `There is no ${what} here. There is: ${there}.`);
}

const levelOf = (wish: string | undefined) => /^>=(\d+)$/.exec(wish ?? '')?.[1];

function majorForLevel(level: number, lines: readonly JavaLine[]): string | undefined {
  const enough = lines.filter(({ major }) => Number(major) >= level);
  return (enough.find(({ major }) => major === javaDefaultMajor) ?? enough[0])?.major;
}

function majorOf(wish: string | undefined): string {
  const text = (wish ?? javaDefaultMajor).trim();
  if (text === 'lts') return javaDefaultMajor;
  const version = /(?:^|-)(\d+(?:\.\d+)*)/.exec(text)?.[1];
  if (version === undefined)
    throw new UserError('bad_request', `${JSON.stringify(text)} is not a version of Java that we understand.`);
  const [first, second] = version.split('.');
  // 1.8 is how Java 8 was written.
  return first === '1' && second !== undefined ? second : first!;
}
