import { listOf, type PackageList, splitName } from './locked-package.js';

/** go.mod (Go Modules Reference): from Go 1.17 on it names indirect modules as well. */
export function parseGoMod(text: string): PackageList {
  const lines = text.split('\n').map((line) => line.replace(/\/\/.*$/, '').trim());
  const replaced = new Map<string, [string, string]>();
  const required: [string, string][] = [];
  let block = '';
  for (const line of lines) {
    const opened = /^(\w+)\s*\($/.exec(line);
    if (opened) block = opened[1]!;
    else if (line === ')') block = '';
    else {
      const [verb, ...words] = block ? [block, ...line.split(/\s+/)] : line.split(/\s+/);
      if (verb === 'require' && words.length >= 2) required.push([words[0]!, words[1]!]);
      const arrow = words.indexOf('=>');
      // Replaced by a directory: it has no version then.
      if (verb === 'replace' && arrow > 0) replaced.set(words[0]!, [words[arrow + 1] ?? '', words[arrow + 2] ?? '']);
    }
  }
  const minor = /^go\s+1\.(\d+)/m.exec(text)?.[1];
  return listOf(
    required
      .map(([path, version]) => replaced.get(path) ?? [path, version])
      .flatMap(([path, version]) => (version ? [{ type: 'golang' as const, ...splitName(path!), version }] : [])),
    minor !== undefined && Number(minor) >= 17,
  );
}
