import { describe, expect, it } from 'vitest';
import { finishProcesses } from './finish-processes.js';
import { readAppFiles } from './read-app-files.js';

const read = (texts: Record<string, string>, projectPath?: string) =>
  readAppFiles({ paths: Object.keys(texts).sort(), texts }, projectPath);
const json = (content: unknown) => JSON.stringify(content);

describe('readAppFiles', () => {
  it('reads app.yaml as berth.yaml, and names it in what is wrong', () => {
    expect(read({ 'app.yaml': 'runtime: go@1.25' }).settings.runtime).toEqual({ name: 'go', version: '1.25' });
    expect(() => read({ 'app.yaml': 'runtme: go' })).toThrow('app.yaml line 1: there is no key "runtme".');
  });

  it('refuses berth.yaml beside app.yaml with one sentence', () => {
    expect(() => read({ 'app.yaml': '', 'berth.yaml': '' })).toThrow(
      'There are both berth.yaml and app.yaml; they are the same file: keep one of them.',
    );
  });

  it('says that berth.yml is not read', () => {
    expect(read({ 'berth.yml': 'runtime: go' }).warnings).toEqual([
      'berth.yml is not read; its name must be berth.yaml.',
    ]);
  });

  it('lets berth.yaml win over app.json, key by key', () => {
    const { settings } = read({
      'berth.yaml': 'processes:\n  web: { command: x, quantity: 3 }\n  worker: y',
      'app.json': json({
        formation: { web: { quantity: 1, size: 'standard-2x' }, worker: { quantity: 2 } },
        cron: [{ command: 'z', schedule: '@daily' }],
        scripts: { postdeploy: 'seed' },
        env: { A: '1' },
      }),
    });
    expect(settings.firstScale).toEqual({ web: { quantity: 3, size: 'standard-2x' }, worker: { quantity: 2 } });
    expect(settings).toMatchObject({ cron: [{ command: 'z', schedule: '@daily' }], postdeploy: 'seed' });
    expect(settings.wantedConfig).toEqual([{ key: 'A', value: '1', isGenerated: false, isRequired: false }]);
  });

  it('takes stack and buildpacks of app.json only where berth.yaml says nothing about the build', () => {
    const container = json({ stack: 'container' });
    const custom = json({ buildpacks: [{ url: 'https://example.com/b.tgz' }] });
    expect(read({ 'app.json': container }).settings.dockerfile).toEqual({ path: 'Dockerfile', args: {} });
    expect(read({ 'app.json': container, 'berth.yaml': 'runtime: go' }).settings.dockerfile).toBeUndefined();
    const heroku = read({
      'heroku.yml': 'build: { docker: { web: a/Dockerfile } }\nrun: { web: x, worker: y }',
      'berth.yaml': 'processes: { worker: z }',
    });
    expect(heroku.settings.dockerfile).toEqual({ path: 'a/Dockerfile', args: {} });
    expect(heroku.settings.processes).toMatchObject({ web: { command: 'x' }, worker: { command: 'z' } });
    expect(read({ 'app.json': custom }).settings.buildpacks).toEqual(['https://example.com/b.tgz']);
    expect(read({ 'app.json': custom, 'berth.yaml': 'buildpacks: [./b]' }).settings.buildpacks).toEqual(['./b']);
  });

  it('warns of a process with two different commands', () => {
    const texts = {
      Procfile: 'web: a\nworker: b\nrelease: c',
      'berth.yaml': 'processes: { web: a, worker: x }\nrelease: y',
    };
    expect(read(texts).warnings).toEqual([
      'The process "worker" has one command in berth.yaml and another in the Procfile; that of berth.yaml is used.',
      'The process "release" has one command in berth.yaml and another in the Procfile; that of berth.yaml is used.',
    ]);
  });

  it('reads the files of the app’s own directory, and those at the top where it has none', () => {
    const texts = {
      'berth.yaml': 'runtime: go',
      Procfile: 'web: top',
      'app.json': json({ env: { A: '1' } }),
      'services/api/berth.yaml': 'runtime: node',
      'services/api/Procfile': 'web: own',
      'services/web/index.js': '',
    };
    const api = read(texts, 'services/api');
    expect(api).toMatchObject({ root: 'services/api', settings: { runtime: { name: 'node' } } });
    expect(api.view.texts).toMatchObject({ Procfile: 'web: own', 'app.json': json({ env: { A: '1' } }) });
    const web = read(texts, 'services/web');
    expect(web).toMatchObject({ settings: { runtime: { name: 'go' } }, view: { texts: { Procfile: 'web: top' } } });
  });
});

describe('finishProcesses', () => {
  const web = { name: 'web', command: 'x', singleton: false };

  it('gives process types their first scale', () => {
    const { processes, warnings } = finishProcesses([web], {
      firstScale: { web: { quantity: 2 }, wrker: {} },
      agents: [],
      environments: {},
    });
    expect(processes).toEqual([{ ...web, quantity: 2 }]);
    expect(warnings).toEqual(['There is a quantity or size for the process "wrker", which this app does not have.']);
  });

  it('refuses agents beside what is not there', () => {
    const withAgent = (process: string) =>
      finishProcesses([web, { ...web, name: 'release' }], {
        firstScale: {},
        environments: {},
        agents: [{ name: 'proxy', command: 'p', processes: [process] }],
      });
    expect(() => withAgent('wbe')).toThrow(
      'The agent "proxy" is for the process "wbe", which this app does not have. It has: web, release.',
    );
    expect(() => withAgent('release')).toThrow('The agent "proxy" cannot run beside the release command');
  });
});
