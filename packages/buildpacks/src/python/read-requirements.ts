/** What a requirements file and those that it includes say. */
export interface Requirements {
  /** The files, the first one included. */
  files: string[];
  /** Names of the packages, as PEP 503 normalises them, with `[standard]` and the like left off. */
  names: string[];
  /** Extras by package. */
  extras: Record<string, string[]>;
  /** Why installing needs more than these files. */
  needsSource: string | undefined;
  /** true: has settings of pip that uv does not know or takes otherwise. */
  needsPip: boolean;
}

/** PEP 503. */
export const normaliseName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

/** Settings that uv takes as pip does, and that name nothing of the source. */
const sharedOptions = /^(--(index-url|require-hashes|no-binary|only-binary)|-i)\b/;

/** Reads a requirements file and what it includes (pip's requirements file format). `texts` has what may be included. */
export function readRequirements(path: string, texts: Readonly<Record<string, string>>): Requirements {
  const found: Requirements = { files: [], names: [], extras: {}, needsSource: undefined, needsPip: false };
  readFile(path, texts, found);
  return found;
}

function readFile(path: string, texts: Readonly<Record<string, string>>, found: Requirements): void {
  if (found.files.includes(path)) return;
  const text = texts[path];
  if (text === undefined) {
    found.needsSource ??= `${found.files.at(-1) ?? 'a requirements file'} includes ${path}`;
    return;
  }
  found.files.push(path);
  for (const line of logicalLines(text)) readLine(line, path, texts, found);
}

/** Without comments, with continued lines put together. */
function logicalLines(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

function readLine(line: string, path: string, texts: Readonly<Record<string, string>>, found: Requirements): void {
  const included = /^(?:-r|-c|--requirement|--constraint)[\s=]*(\S+)/.exec(line)?.[1];
  if (included !== undefined) {
    if (/^https?:/.test(included)) found.needsPip = true;
    else readFile(besides(path, included), texts, found);
    return;
  }
  const local =
    /^(?:(?:-e|--editable)[\s=]+)?(\.{0,2}\/\S*|\.{1,2}|file:\S+|[^\s:@]+\.(?:whl|tar\.gz|zip))(?:\[.*)?(?:\s|$)/.exec(
      line,
    )?.[1];
  if (local !== undefined || /^[\w.-]+\s*(\[[^\]]*\])?\s*@\s*(file:|\.{0,2}\/)/.test(line)) {
    found.needsSource ??= `${path} names ${local ?? line}, which is in the repository`;
    return;
  }
  if (/^(--find-links|-f)[\s=]/.test(line) && !/https?:/.test(line)) found.needsSource ??= `${path} has ${line}`;
  if (line.startsWith('-') && !sharedOptions.test(line)) found.needsPip = true;
  const egg = /#egg=([\w.-]+)/.exec(line)?.[1];
  const [, name, extras] = /^([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?/.exec(line) ?? [];
  const known = egg ?? (line.startsWith('-') || /^\w+\+?\w*:\/\//.test(line) || /^\w+\+/.test(line) ? undefined : name);
  if (known === undefined) return;
  found.names.push(normaliseName(known));
  if (extras) found.extras[normaliseName(known)] = extras.split(',').map((extra) => extra.trim());
}

/** Where `included` lies, seen from `path`. */
function besides(path: string, included: string): string {
  const parts = path.split('/').slice(0, -1);
  for (const part of included.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
