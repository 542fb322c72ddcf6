import { parseBunLock } from './bun-lock.js';
import { parseCargoLock } from './cargo-lock.js';
import { parseComposerLock } from './composer-lock.js';
import { parseGemfileLock } from './gemfile-lock.js';
import { parseGoMod } from './go-mod.js';
import { parseGradleLock, parsePom } from './jvm-locks.js';
import { listOf, type PackageList } from './locked-package.js';
import { parseNpmLock } from './npm-lock.js';
import { parsePnpmLock } from './pnpm-lock.js';
import { parsePipfileLock, parsePythonLock, parseRequirements } from './python-locks.js';
import { parseYarnLock } from './yarn-lock.js';

/** The files that name packages with their versions, the most exact of a language first; only that one is read. */
const formats: Record<string, [file: string, parse: (text: string, files: Files) => PackageList][]> = {
  node: [
    ['pnpm-lock.yaml', parsePnpmLock],
    ['yarn.lock', (text, files) => parseYarnLock(text, files['package.json'])],
    ['bun.lock', parseBunLock],
    ['npm-shrinkwrap.json', parseNpmLock],
    ['package-lock.json', parseNpmLock],
  ],
  python: [
    ['uv.lock', parsePythonLock],
    ['poetry.lock', parsePythonLock],
    ['Pipfile.lock', parsePipfileLock],
    ['requirements.txt', parseRequirements],
  ],
  go: [['go.mod', parseGoMod]],
  rust: [['Cargo.lock', parseCargoLock]],
  java: [
    ['gradle.lockfile', parseGradleLock],
    ['pom.xml', parsePom],
  ],
  ruby: [['Gemfile.lock', parseGemfileLock]],
  php: [['composer.lock', parseComposerLock]],
};

/** Names without directory of all files that {@link listPackages} may want. */
export const packageFiles: ReadonlySet<string> = new Set([
  ...Object.values(formats).flatMap((of) => of.map(([name]) => name)),
  'package.json',
]);

/** Texts of one directory by name. */
export type Files = Readonly<Record<string, string>>;

/**
 * The packages of all languages that the files of one directory name. A file that cannot be read leaves the list
 * incomplete: it is the package manager's to refuse, not ours.
 */
export function listPackages(files: Files): PackageList & { readFrom: string[] } {
  const readFrom: string[] = [];
  const lists = Object.values(formats).flatMap((of) => {
    const format = of.find(([name]) => files[name] !== undefined);
    if (!format) return [];
    const [name, parse] = format;
    readFrom.push(name);
    try {
      return [parse(files[name]!, files)];
    } catch {
      return [{ packages: [], isComplete: false }];
    }
  });
  const { packages } = listOf(lists.flatMap((list) => list.packages));
  return { packages, isComplete: lists.length > 0 && lists.every((list) => list.isComplete), readFrom };
}
