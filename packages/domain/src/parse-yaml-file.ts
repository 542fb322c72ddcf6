import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { UserError } from './errors.js';

/** Keys of maps as texts, places in lists as numbers from 0. */
export type Path = readonly (string | number)[];

/** A YAML file whose places can be named. */
export interface YamlFile {
  /** Its content as plain values; undefined for an empty file. */
  value: unknown;
  /** Every map's keys, with where they stand, top down. */
  keys: { path: Path; line: number }[];
  /** Line of the key or list entry at a path; of the nearest one above it that is there. */
  lineOf: (path: readonly PropertyKey[]) => number;
}

const bytesMax = 64 * 1024;

/** Parses the YAML file of this name, a map of keys. Throws a UserError with the line. */
export function parseYamlFile(text: string, fileName: string): YamlFile {
  if (Buffer.byteLength(text) > bytesMax) throw new UserError('bad_request', `${fileName} is larger than 64 KiB.`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (node: unknown) => lines.linePos((node as Ranged | undefined)?.range?.[0] ?? 0).line;
  const fail = (line: number, what: string) => new UserError('bad_request', `${fileName} line ${line}: ${what}`);
  const broken = document.errors[0];
  if (broken) throw fail(lines.linePos(broken.pos[0]).line, `${broken.message.replace(/\.$/, '')}.`);
  const { contents } = document;
  if (contents !== null && !(isScalar(contents) && contents.value === null) && !isMap(contents))
    throw fail(1, 'it must be a map of keys.');
  const keys: YamlFile['keys'] = [];
  if (isMap(contents)) collectKeys(contents as YAMLMap, [], (path, node) => keys.push({ path, line: lineAt(node) }));
  try {
    const value: unknown = document.toJS({ maxAliasCount: 20 });
    return { value: value ?? undefined, keys, lineOf: (path) => lineAt(nodeAt(contents, path)) };
  } catch (error) {
    // Aliases that would make it grow without end; the library throws a ReferenceError.
    throw fail(1, `${(error as Error).message}.`);
  }
}

interface Ranged {
  range?: [number, number, number] | null;
}

const keyOf = (pair: Pair) => (isScalar(pair.key) ? String(pair.key.value) : String(pair.key));

function collectKeys(node: YAMLMap | YAMLSeq, path: Path, add: (path: Path, node: unknown) => void): void {
  for (const [index, item] of node.items.entries()) {
    const isPair = isMap(node);
    const here = [...path, isPair ? keyOf(item as Pair) : index];
    if (isPair) add(here, (item as Pair).key);
    const value = isPair ? (item as Pair).value : item;
    if (isMap(value) || isSeq(value)) collectKeys(value, here, add);
  }
}

function nodeAt(contents: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = contents;
  let place: unknown = contents;
  for (const step of path) {
    if (isMap(value)) {
      const pair: Pair | undefined = (value.items as Pair[]).find((one) => keyOf(one) === String(step));
      if (!pair) break;
      place = pair.key;
      value = pair.value;
    } else if (isSeq(value)) {
      place = value.items[Number(step)];
      value = place;
    } else break;
  }
  return place;
}
