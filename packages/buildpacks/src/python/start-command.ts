import type { SourceView } from '../source-view.js';

/** What starts a Python app by convention, and what the sentence says when nothing does (see planProcesses). */
export interface Start {
  web: string | undefined;
  noStart: string;
}

const entryFiles = ['app.py', 'main.py', 'wsgi.py', 'asgi.py', 'application.py', 'server.py', 'api.py'];
const entryFolders = ['', 'app/', 'src/', 'api/'];

/** Django's, Flask's and FastAPI's usual servers, when they are among the packages; Heroku starts nothing without a Procfile. */
export function startCommand(view: SourceView, names: ReadonlySet<string>): Start {
  if (names.has('django') && managePath(view) !== undefined) return startDjango(view, names);
  const fastapi = findApp(view, /^(\w+)\s*(?::[^=\n]+)?=\s*(?:fastapi\.)?FastAPI\(/m);
  if (names.has('fastapi') || names.has('starlette')) {
    if (!fastapi) return { web: undefined, noStart: 'no main.py or app.py has a FastAPI app in it' };
    if (names.has('uvicorn')) return of(`uvicorn ${fastapi} --host 0.0.0.0 --port $PORT`);
    return lacks('uvicorn', 'FastAPI');
  }
  if (names.has('flask') || names.has('quart')) {
    const flask = findApp(view, /^(\w+)\s*(?::[^=\n]+)?=\s*(?:flask\.)?Flask\(/m) ?? findFactory(view);
    if (!flask) return { web: undefined, noStart: 'no app.py or main.py has a Flask app in it' };
    return names.has('gunicorn') ? of(`gunicorn ${flask}`) : lacks('gunicorn', 'Flask');
  }
  return { web: undefined, noStart: 'it is no Django, Flask or FastAPI app: add a Procfile with a line "web: …"' };
}

const of = (web: string): Start => ({ web, noStart: '' });

const lacks = (server: string, framework: string): Start => ({
  web: undefined,
  noStart: `${server} is not among the packages of this ${framework} app: add it, or a Procfile`,
});

/** The one nearest to the top. */
export function managePath({ paths }: SourceView): string | undefined {
  const found = paths.filter((path) => path === 'manage.py' || /^[^/]+\/manage\.py$/.test(path));
  return found.sort((a, b) => a.length - b.length)[0];
}

function startDjango(view: SourceView, names: ReadonlySet<string>): Start {
  const manage = managePath(view)!;
  const folder = manage.slice(0, -'manage.py'.length);
  const settings = /DJANGO_SETTINGS_MODULE["'],\s*["']([\w.]+)["']/.exec(view.texts[manage] ?? '')?.[1];
  const project = settings?.split('.')[0];
  const module = [project, ...foldersWith(view, folder, 'wsgi.py')].find(
    (name) => name && view.paths.includes(`${folder}${name}/wsgi.py`),
  );
  if (!module) return { web: undefined, noStart: `there is no wsgi.py beside ${manage}` };
  const into = folder === '' ? '' : ` --chdir ${folder.slice(0, -1)}`;
  if (names.has('gunicorn')) return of(`gunicorn${into} ${module}.wsgi`);
  if (names.has('uvicorn') && view.paths.includes(`${folder}${module}/asgi.py`)) {
    const directory = folder === '' ? '' : ` --app-dir ${folder.slice(0, -1)}`;
    return of(`uvicorn${directory} ${module}.asgi:application --host 0.0.0.0 --port $PORT`);
  }
  return lacks('gunicorn', 'Django');
}

const foldersWith = ({ paths }: SourceView, below: string, file: string) =>
  paths
    .filter((path) => path.startsWith(below) && path.endsWith(`/${file}`))
    .map((path) => path.slice(below.length, -`/${file}`.length))
    .filter((name) => !name.includes('/'));

/** `main:app` for a module that makes its app in a variable. */
function findApp({ texts }: SourceView, pattern: RegExp): string | undefined {
  for (const path of entryPaths) {
    const variable = pattern.exec(texts[path] ?? '')?.[1];
    if (variable) return `${moduleOf(path)}:${variable}`;
  }
  return undefined;
}

/** `'app:create_app()'`: Flask's application factory. */
function findFactory({ texts }: SourceView): string | undefined {
  const path = entryPaths.find((one) => /^def (create_app|make_app)\(/m.test(texts[one] ?? ''));
  const name = path && /^def (create_app|make_app)\(/m.exec(texts[path] ?? '')?.[1];
  return path && `'${moduleOf(path)}:${name}()'`;
}

const entryPaths = entryFolders.flatMap((folder) => entryFiles.map((file) => `${folder}${file}`));
const moduleOf = (path: string) => path.replace(/\.py$/, '').replaceAll('/', '.');
