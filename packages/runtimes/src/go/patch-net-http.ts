import { readOwnFiles } from '../own-files.js';

/** Where net/http lies below a toolchain's root. */
const directory = 'src/net/http';

/** Lines that must be in the toolchain's own files exactly once, and what comes behind each. */
const patches = [
  {
    file: `${directory}/server.go`,
    anchor: 'func (sh serverHandler) ServeHTTP(rw ResponseWriter, req *Request) {\n',
    added: '\tif work := berthIn(req); work != nil {\n\t\tdefer work.end()\n\t}\n',
  },
  {
    file: `${directory}/roundtrip.go`,
    anchor: 'func (t *Transport) RoundTrip(req *Request) (*Response, error) {\n',
    added: '\treq = berthOut(req)\n',
  },
];

/**
 * net/http that carries the environment's mark (files/go-propagation), for `go build -overlay`: text by path below the
 * toolchain's root. Undefined for a toolchain whose net/http is not as we know it: it stays as it is.
 * @param read text of a file of the toolchain, by its path below the root
 */
export async function patchNetHttp(
  read: (path: string) => string | undefined,
): Promise<Map<string, string> | undefined> {
  const patched = new Map<string, string>();
  for (const { file, anchor, added } of patches) {
    const [before, after, ...more] = (read(file) ?? '').split(anchor);
    if (before === undefined || after === undefined || more.length > 0) return undefined;
    patched.set(file, `${before}${anchor}${added}${after}`);
  }
  for (const { path, content } of await readOwnFiles('go-propagation'))
    patched.set(`${directory}/${path.slice(path.lastIndexOf('/') + 1)}`, String(content));
  return patched;
}

/** The file that `-overlay` names: `paths` below `root` are to be read below `overlay` instead. */
export function overlayFile(paths: Iterable<string>, { root, overlay }: { root: string; overlay: string }): string {
  const replaced = [...paths].map((path) => [`${root}/${path}`, `${overlay}/${path}`]);
  return `${JSON.stringify({ Replace: Object.fromEntries(replaced) }, null, 1)}\n`;
}
