/** What a buildpack may know of a source: every path, and the texts of the few files that decide (see decisiveFiles). */
export interface SourceView {
  /** All files (no directories), relative to the app's root. */
  paths: readonly string[];
  texts: Readonly<Record<string, string>>;
}

const always = ['.gitmodules', '.gitattributes', 'Procfile', 'app.json', 'app.yaml', 'berth.yaml', 'heroku.yml'];

/** Tells the files whose text a detection or a plan may read; `names` as in Buildpack.decisive. */
export function decisiveFiles(names: readonly string[]): (path: string) => boolean {
  const exact = new Set([...always, ...names.filter((name) => !name.startsWith('*'))]);
  const endings = names.filter((name) => name.startsWith('*')).map((name) => name.slice(1));
  return (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const isNamed = exact.has(name) || endings.some((ending) => name.endsWith(ending));
    return isNamed && !path.split('/').includes('node_modules');
  };
}

/** The part of a source below one directory; Procfile and app.json may also lie at the top. */
export function belowRoot(view: SourceView, root: string | undefined): SourceView {
  if (!root) return view;
  const prefix = `${root}/`;
  const cut = (path: string) => path.slice(prefix.length);
  const texts = Object.fromEntries(
    Object.entries(view.texts)
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, text]) => [cut(path), text]),
  );
  const fromTop = ['Procfile', 'app.json'].flatMap((name) => {
    const text = view.texts[name];
    return text === undefined ? [] : [[name, text]];
  });
  return {
    paths: view.paths.filter((path) => path.startsWith(prefix)).map(cut),
    texts: { ...Object.fromEntries(fromTop), ...texts },
  };
}
