import { parseBerthYaml } from '@berth/domain/berth-yaml';
import { describe, expect, test } from 'vitest';
import { decisiveFiles } from '../source-view.js';
import { pythonBuildpack } from './buildpack.js';
import { planPython } from './plan.js';

/** The plan of an app with these files; others than decisive ones have no text, as in a build. */
function plan(files: Record<string, string>, berthYaml = '') {
  const isDecisive = decisiveFiles(pythonBuildpack.decisive);
  const texts = Object.fromEntries(Object.entries(files).filter(([path]) => isDecisive(path)));
  return planPython({ paths: Object.keys(files).sort(), texts }, parseBerthYaml(berthYaml));
}

const flask = { 'requirements.txt': 'flask==3.1.2\ngunicorn==23.0.0\n', 'app.py': 'app = Flask(__name__)\n' };
const manage = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n';
const django = {
  'manage.py': manage,
  'shop/wsgi.py': '',
  'shop/asgi.py': '',
  'requirements.txt': 'Django\ngunicorn\n',
};
const lock = (...packages: string[]) =>
  packages.map((name) => `[[package]]\nname = "${name}"\nversion = "1.0"\nsource = { registry = "x" }\n`).join('\n');

test('an app with requirements.txt', () => expect(plan(flask)).toMatchSnapshot());

test('a Django app with uv: its static files are collected', () =>
  expect(
    plan({
      'manage.py': manage,
      'shop/wsgi.py': '',
      'uv.lock': lock('django', 'gunicorn'),
      'pyproject.toml': '[project]\nname = "shop"\nrequires-python = ">=3.12"\n',
    }),
  ).toMatchSnapshot());

test('an app with Poetry', () =>
  expect(
    plan({
      'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.11"\n[[tool.poetry.source]]\nname = "my-index"\n',
      'poetry.lock': lock('fastapi', 'uvicorn'),
      'main.py': 'from fastapi import FastAPI\napi: FastAPI = FastAPI(title="x")\n',
    }),
  ).toMatchSnapshot());

test('an app with Pipenv', () =>
  expect(
    plan({
      Pipfile: '[requires]\npython_version = "3.11"\n',
      'Pipfile.lock': '{"default": {"bottle": {"version": "==0.13.4"}}}',
      Procfile: 'web: python web.py\n',
    }),
  ).toMatchSnapshot());

describe('the version of Python comes from', () => {
  test.each([
    ['berth.yaml', { ...flask, '.python-version': '3.12' }, 'runtime: python@3.14\n', '3.14'],
    ['.python-version', { ...flask, '.python-version': '# ours\n3.12\n', 'runtime.txt': 'python-3.11.1' }, '', '3.12'],
    ['runtime.txt', { ...flask, 'runtime.txt': 'python-3.11.1\n' }, '', 'python-3.11.1'],
    ['pyproject.toml', { ...flask, 'pyproject.toml': '[project]\nrequires-python = ">=3.10"\n' }, '', '>=3.10'],
    [undefined, flask, '', undefined],
  ])('%s', (wishFrom, files, yaml, wish) => {
    expect(plan(files as Record<string, string>, yaml).runtime).toEqual({ name: 'python', wish, wishFrom });
  });
});

describe('without a Procfile', () => {
  const web = (files: Record<string, string>) => plan(files).processes.find(({ name }) => name === 'web')?.command;
  test('Flask is started by gunicorn, also when a function makes the app', () => {
    expect(web(flask)).toBe('gunicorn app:app');
    expect(web({ ...flask, 'app.py': 'def create_app():\n  pass\n' })).toBe("gunicorn 'app:create_app()'");
    expect(web({ ...flask, 'app.py': '', 'src/main.py': 'server = flask.Flask(__name__)\n' })).toBe(
      'gunicorn src.main:server',
    );
  });
  test('FastAPI is started by uvicorn, which its extra brings with it', () => {
    const files = { 'requirements.txt': 'fastapi[standard]\n', 'main.py': 'app = FastAPI()\n' };
    expect(web(files)).toBe('uvicorn main:app --host 0.0.0.0 --port $PORT');
  });
  test('Django is started by gunicorn, else by uvicorn', () => {
    expect(web(django)).toBe('gunicorn shop.wsgi');
    expect(web({ ...django, 'requirements.txt': 'django\nuvicorn\n' })).toBe(
      'uvicorn shop.asgi:application --host 0.0.0.0 --port $PORT',
    );
    const below = Object.fromEntries(Object.entries(django).map(([path, text]) => [`site/${path}`, text]));
    expect(web({ ...below, 'requirements.txt': 'django\ngunicorn\n' })).toBe('gunicorn --chdir site shop.wsgi');
  });
  test('a server that is not among the packages is named', () => {
    expect(() => plan({ ...flask, 'requirements.txt': 'flask\n' })).toThrow(
      'there is no Procfile and gunicorn is not among the packages of this Flask app: add it, or a Procfile.',
    );
    expect(() => plan({ 'requirements.txt': 'requests\n' })).toThrow('it is no Django, Flask or FastAPI app');
  });
});

describe('the install sees', () => {
  const dependencies = (files: Record<string, string>) => plan({ Procfile: 'web: x\n', ...files }).dependencies;
  test('only the files that it reads', () => {
    const files = {
      'requirements.txt': '-r requirements/base.txt\n',
      'requirements/base.txt': 'flask\n',
      'app.py': '',
    };
    expect(dependencies(files)?.files).toEqual([{ path: 'requirements.txt' }, { path: 'requirements/base.txt' }]);
  });
  test('the whole source when a package lies in the repository', () => {
    const member = 'source = { editable = "packages/a" }\n';
    expect(dependencies({ 'uv.lock': member, 'pyproject.toml': '' })).toMatchObject({
      files: undefined,
      notSharedBecause: 'uv.lock names packages/a, which is in the repository',
    });
    expect(dependencies({ 'uv.lock': 'source = { virtual = "." }\n', 'pyproject.toml': '' })?.files).toHaveLength(2);
    expect(
      dependencies({ 'poetry.lock': '[package.source]\ntype = "directory"\n', 'pyproject.toml': '' })?.files,
    ).toBeUndefined();
    expect(dependencies({ 'Pipfile.lock': '{"default": {"a": {"path": "./a"}}}', Pipfile: '' })?.files).toBeUndefined();
  });
  test('the config vars that its settings name, and no others', () => {
    const names = dependencies({
      'requirements.txt': `--index-url https://\${INDEX_USER}:\${INDEX_TOKEN}@index.test/\na\n`,
    });
    expect(names?.configNames).toEqual([
      'INDEX_TOKEN',
      'INDEX_USER',
      'PIP_EXTRA_INDEX_URL',
      'PIP_INDEX_URL',
      'UV_DEFAULT_INDEX',
      'UV_INDEX',
    ]);
  });
  test('nothing at all when there is nothing to install', () => {
    expect(dependencies({ 'requirements.txt': '# none yet\n' })).toBeUndefined();
    expect(dependencies({ 'pyproject.toml': '[project]\nname = "a"\n' })).toBeUndefined();
  });
});

test('an app that is a package is installed with its source', () => {
  const files = { 'uv.lock': lock('flask'), 'src/shop/web.py': '', Procfile: 'web: shop\n' };
  const manifest = '[project]\nname = "shop"\n[project.scripts]\nshop = "shop.web:main"\n';
  const titles = (text: string) => plan({ ...files, 'pyproject.toml': text }).build.map(({ title }) => title);
  expect(titles(`${manifest}[build-system]\nrequires = ["hatchling"]\n`)).toEqual(['Installing the app itself']);
  expect(titles(manifest)).toEqual([]);
  expect(titles(`${manifest}[build-system]\nrequires = []\n[tool.uv]\npackage = false\n`)).toEqual([]);
});

test("Heroku's hooks run before and after", () => {
  const hooks = { 'bin/pre_compile': '', 'bin/post_compile': '' };
  const titles = plan({ ...django, ...hooks }).build.map(({ title }) => title.replace(/ \(.*/, ''));
  expect(titles).toEqual(['Running bin/pre_compile', 'Collecting static files', 'Running bin/post_compile']);
});

test('people are told which file counts, what is left out, and what a missing lockfile means', () => {
  const files = { ...flask, 'uv.lock': lock('flask', 'gunicorn'), 'pyproject.toml': '', '.venv/bin/python': '' };
  expect(plan(files).warnings).toEqual([
    'uv.lock says what is installed; requirements.txt is not looked at.',
    '.venv is in the repository; it is left out and made anew. Put it into .gitignore.',
  ]);
  const manifest = '[project]\nname = "a"\ndependencies = ["flask"]\n';
  expect(plan({ 'pyproject.toml': manifest, Procfile: 'web: x\n' }).warnings[0]).toContain('There is no lockfile');
});

test('a pyproject.toml that is not TOML is said with its line', () => {
  expect(() => plan({ 'pyproject.toml': '[project]\nname = \n' })).toThrow('pyproject.toml, line 2 is not valid TOML');
});
