import { UserError } from '@berth/domain/errors';
import { DOMParser, type Element, ParseError } from '@xmldom/xmldom';
import type { SourceView } from '../source-view.js';

/** What we read of a pom.xml. */
export interface Pom {
  /** Directory below the app, `` at its top. */
  directory: string;
  packaging: string;
  /** Own properties; values as they stand. */
  properties: Readonly<Record<string, string>>;
  /** Plugins of the build by artifact id; not those that are only managed. */
  plugins: Readonly<Record<string, PomPlugin>>;
}

export interface PomPlugin {
  /** Text of the first element of a name anywhere in the plugin's configuration. */
  setting: (name: string) => string | undefined;
}

/** The project's pom.xml files, the one at the top first; one that is not XML is a UserError. */
export function readPoms(view: SourceView): Pom[] {
  const paths = Object.keys(view.texts).filter((path) => path === 'pom.xml' || path.endsWith('/pom.xml'));
  // Projects of tests and templates are no modules.
  return paths
    .filter((path) => !/(^|\/)src\//.test(path))
    .sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1))
    .map((path) => readPom(path, view.texts[path]!));
}

function readPom(path: string, text: string): Pom {
  const project = parse(path, text);
  const build = child(project, 'build');
  const plugins = children(child(build, 'plugins'), 'plugin').map((plugin): [string, PomPlugin] => [
    textOf(plugin, 'artifactId') ?? '',
    { setting: (name) => plugin.getElementsByTagName(name)[0]?.textContent?.trim() || undefined },
  ]);
  const properties = [...(child(project, 'properties')?.childNodes ?? [])].filter(isElement);
  return {
    directory: path === 'pom.xml' ? '' : path.slice(0, -'/pom.xml'.length),
    packaging: textOf(project, 'packaging') ?? 'jar',
    properties: Object.fromEntries(properties.map((one) => [one.tagName, one.textContent?.trim() ?? ''])),
    plugins: Object.fromEntries(plugins),
  };
}

function parse(path: string, text: string): Element {
  try {
    const parser = new DOMParser({
      onError: (level, message) => {
        if (level !== 'warning') throw new ParseError(message);
      },
    });
    const project = parser.parseFromString(text, 'text/xml').documentElement;
    if (project?.tagName !== 'project') throw new ParseError('its top element must be "project"');
    return project;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const [reason] = error.message.split('\n');
    throw new UserError('bad_request', `${path} is not valid: ${reason}.`, { cause: error });
  }
}

const isElement = (node: { nodeType: number }): node is Element => node.nodeType === 1;

const children = (parent: Element | undefined, name: string): Element[] =>
  [...(parent?.childNodes ?? [])].filter(isElement).filter(({ tagName }) => tagName === name);

const child = (parent: Element | undefined, name: string): Element | undefined => children(parent, name)[0];

const textOf = (parent: Element, name: string): string | undefined =>
  child(parent, name)?.textContent?.trim() || undefined;
