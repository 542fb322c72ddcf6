import { DOMParser, type Element } from '@xmldom/xmldom';
import { listOf, type PackageList } from './locked-package.js';

/** gradle.lockfile: `group:name:version=configurations`; what is only for tests or for the build is no part of the app. */
export function parseGradleLock(text: string): PackageList {
  const packages = text.split('\n').flatMap((line) => {
    const match = /^([^#:=]+):([^:=]+):([^:=]+)=(.*)$/.exec(line.trim());
    const isRun = match?.[4]?.split(',').some((name) => /runtimeClasspath$/i.test(name) && !/^test/i.test(name));
    if (!match || !isRun) return [];
    return [{ type: 'maven' as const, namespace: match[1]!, name: match[2]!, version: match[3]! }];
  });
  return listOf(packages);
}

/**
 * pom.xml: the dependencies that it names with a version of its own. Maven has no lockfile, and what a parent manages or
 * the dependencies need themselves is not in it: never complete.
 */
export function parsePom(text: string): PackageList {
  const project = new DOMParser({ onError: () => {} }).parseFromString(text, 'text/xml').documentElement;
  const properties = new Map(
    childrenOf(childOf(project, 'properties')).map((element) => [element.tagName, textOf(element)]),
  );
  const field = (of: Element, name: string) =>
    textOf(childOf(of, name))?.replace(/\$\{([^}]+)\}/g, (whole, key) => properties.get(key) ?? whole);
  const packages = childrenOf(childOf(project, 'dependencies')).flatMap((dependency) => {
    const [namespace, name, version, scope] = ['groupId', 'artifactId', 'version', 'scope'].map((one) =>
      field(dependency, one),
    );
    if (!namespace || !name || !version || version.includes('${') || scope === 'test' || scope === 'provided')
      return [];
    return [{ type: 'maven' as const, namespace, name, version }];
  });
  return listOf(packages, false);
}

const childrenOf = (element: Element | null | undefined): Element[] =>
  Array.from(element?.childNodes ?? []).filter((node): node is Element => node.nodeType === 1);
const childOf = (element: Element | null | undefined, name: string) =>
  childrenOf(element).find(({ tagName }) => tagName === name);
const textOf = (element: Element | undefined) => element?.textContent?.trim();
