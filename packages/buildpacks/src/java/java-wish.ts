import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { SourceView } from '../source-view.js';
import type { Pom } from './read-pom.js';

/** A version and where it stands. */
export interface Wish {
  wish: string | undefined;
  wishFrom: string | undefined;
}

/** Files that say which Java runs the app, the strongest first. */
const versionFiles: readonly { path: string; read: (text: string) => string | undefined }[] = [
  { path: 'system.properties', read: (text) => property(text, 'java.runtime.version') },
  { path: '.java-version', read: (text) => text.split('\n')[0]?.trim() || undefined },
  { path: '.sdkmanrc', read: (text) => property(text, 'java') },
  { path: '.tool-versions', read: (text) => /^java\s+(\S+)/m.exec(text)?.[1] },
];

/**
 * Which Java: berth.yaml, a file that names a version, a toolchain of Gradle; else any that understands the language level
 * that the build asks for (`>=17`).
 */
export function javaWish(view: SourceView, settings: BerthYaml, poms: readonly Pom[]): Wish {
  if (settings.runtime?.version !== undefined) return { wish: settings.runtime.version, wishFrom: 'berth.yaml' };
  for (const { path, read } of versionFiles) {
    const wish = view.texts[path] === undefined ? undefined : read(view.texts[path]);
    if (wish) return { wish, wishFrom: path };
  }
  return gradleToolchain(view) ?? languageLevel(view, poms) ?? { wish: undefined, wishFrom: undefined };
}

function property(text: string, name: string): string | undefined {
  const pattern = new RegExp(`^\\s*${name.replaceAll('.', '\\.')}\\s*[=:]\\s*(\\S+)`, 'm');
  return pattern.exec(text)?.[1];
}

const gradleFiles = ({ texts }: SourceView) =>
  Object.entries(texts).filter(([path]) => /(^|\/)build\.gradle(\.kts)?$/.test(path));

/** Gradle looks for exactly this version. */
function gradleToolchain(view: SourceView): Wish | undefined {
  for (const [path, text] of gradleFiles(view)) {
    const major = /JavaLanguageVersion\.of\(\s*["']?(\d+)/.exec(text)?.[1] ?? /jvmToolchain\(\s*(\d+)/.exec(text)?.[1];
    if (major) return { wish: major, wishFrom: path };
  }
  return undefined;
}

/** The highest level that one of the modules is compiled for. */
function languageLevel(view: SourceView, poms: readonly Pom[]): Wish | undefined {
  const ofMaven = poms.map((pom) => ({ level: mavenLevel(pom), path: pathOf(pom) }));
  const ofGradle = gradleFiles(view).map(([path, text]) => ({ level: gradleLevel(text), path }));
  const [highest] = [...ofMaven, ...ofGradle]
    .flatMap(({ level, path }) => (level === undefined ? [] : [{ level, path }]))
    .sort((a, b) => b.level - a.level);
  return highest && { wish: `>=${highest.level}`, wishFrom: highest.path };
}

const pathOf = ({ directory }: Pom) => (directory ? `${directory}/pom.xml` : 'pom.xml');

/** Of the properties that Maven's compiler and Spring Boot's parent read, and of the compiler's own configuration. */
function mavenLevel({ properties, plugins }: Pom): number | undefined {
  const compiler = plugins['maven-compiler-plugin'];
  const values = [
    ...['release', 'target', 'source'].map((name) => compiler?.setting(name)),
    ...['maven.compiler.release', 'maven.compiler.target', 'maven.compiler.source', 'java.version'].map(
      (name) => properties[name],
    ),
  ];
  return values.map(toLevel).find((level) => level !== undefined);
}

function gradleLevel(text: string): number | undefined {
  const found =
    /(?:source|target)Compatibility\s*=?\s*(?:JavaVersion\.VERSION_|JavaVersion\.toVersion\()?["']?([\d._]+)/.exec(
      text,
    ) ?? /options\.release(?:\.set\(|\s*=)\s*(\d+)/.exec(text);
  return toLevel(found?.[1]?.replace('_', '.'));
}

/** `17`, `1.8` */
function toLevel(text: string | undefined): number | undefined {
  const level = /^(?:1\.)?(\d+)$/.exec(text ?? '')?.[1];
  return level === undefined ? undefined : Number(level);
}
