import type { Buildpack } from '../buildpack.js';
import { pythonFiles } from './package-manager.js';
import { planPython } from './plan.js';

/** Python apps: requirements.txt, uv, Poetry, Pipenv, or a pyproject.toml alone. */
export const pythonBuildpack: Buildpack = {
  name: 'python',
  looksFor: 'requirements.txt, pyproject.toml or Pipfile (Python)',
  detect: ({ paths }) => pythonFiles.some((file) => paths.includes(file)),
  decisive: [
    ...pythonFiles,
    ...['*requirements.txt', 'constraints.txt', 'base.txt', 'common.txt', 'prod.txt', 'production.txt'],
    ...['uv.toml', 'poetry.toml', '.python-version', 'runtime.txt'],
    ...['manage.py', 'app.py', 'main.py', 'wsgi.py', 'asgi.py', 'application.py', 'server.py', 'api.py'],
  ],
  plan: planPython,
  // The install commands of the build image give way to an index that the app itself names.
  sourceEnv: ({ pypi }) => (pypi === undefined ? {} : { BERTH_PYPI_INDEX: pypi }),
};
