/** What a buildpack may know of a source: every path, and the texts of the few files that decide (see isDecisive). */
export interface SourceView {
  /** All files (no directories), relative to the app's root. */
  paths: readonly string[];
  texts: Readonly<Record<string, string>>;
}

const decisiveNames = new Set([
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'yarn.lock',
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  '.nvmrc',
  '.node-version',
  '.gitmodules',
  '.gitattributes',
  'Procfile',
  'berth.yaml',
]);

/** true for files whose text a detection or a plan may read. */
export function isDecisive(path: string): boolean {
  return decisiveNames.has(path.slice(path.lastIndexOf('/') + 1)) && !path.split('/').includes('node_modules');
}

/** The part of a source below one directory; the Procfile may also lie at the top. */
export function belowRoot(view: SourceView, root: string | undefined): SourceView {
  if (!root) return view;
  const prefix = `${root}/`;
  const cut = (path: string) => path.slice(prefix.length);
  const texts = Object.fromEntries(
    Object.entries(view.texts)
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, text]) => [cut(path), text]),
  );
  const procfile = texts.Procfile ?? view.texts.Procfile;
  return {
    paths: view.paths.filter((path) => path.startsWith(prefix)).map(cut),
    texts: procfile === undefined ? texts : { ...texts, Procfile: procfile },
  };
}
