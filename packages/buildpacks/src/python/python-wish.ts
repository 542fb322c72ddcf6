import type { BerthYaml } from '@berth/domain/berth-yaml';
import { z } from 'zod';
import type { SourceView } from '../source-view.js';
import { type Pyproject, readToml } from './read-pyproject.js';

const requires = z
  .object({ python_version: z.string().optional(), python_full_version: z.string().optional() })
  .catch({});
const pipfile = z.object({ requires: requires.default({}) }).catch({ requires: {} });
const pipfileLock = z
  .object({ _meta: z.object({ requires: requires.default({}) }).catch({ requires: {} }) })
  .catch({ _meta: { requires: {} } });

/** Which Python an app asks for, and where it says so: what it says most plainly comes first. */
export function pythonWish(
  { texts }: SourceView,
  settings: BerthYaml,
  pyproject: Pyproject | undefined,
): { wish: string | undefined; wishFrom: string | undefined } {
  const line = (path: string) =>
    texts[path]
      ?.split('\n')
      .map((one) => one.trim())
      .find((one) => one !== '' && !one.startsWith('#'));
  const poetry = pyproject?.tool?.poetry?.dependencies?.python;
  const wishes: [string, string | undefined][] = [
    ['berth.yaml', settings.runtime?.version],
    ['.python-version', line('.python-version')],
    ['runtime.txt', line('runtime.txt')],
    ['Pipfile.lock', versionOf(pipfileLock.parse(json(texts['Pipfile.lock']))._meta.requires)],
    [
      'Pipfile',
      versionOf(pipfile.parse(texts.Pipfile === undefined ? {} : readToml('Pipfile', texts.Pipfile)).requires),
    ],
    ['pyproject.toml', pyproject?.project?.['requires-python']],
    ['pyproject.toml', typeof poetry === 'string' ? poetry : undefined],
  ];
  const found = wishes.find(([, wish]) => wish !== undefined);
  return { wish: found?.[1], wishFrom: found?.[0] };
}

const versionOf = ({ python_full_version, python_version }: z.infer<typeof requires>) =>
  python_full_version ?? python_version;

/** undefined for what is no JSON: pipenv says so when it installs. */
function json(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
