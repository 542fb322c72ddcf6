import { parseBerthYaml } from '@berth/domain/berth-yaml';
import { describe, expect, it } from 'vitest';
import type { SourceView } from '../source-view.js';
import { planNode } from './plan.js';

const view = (texts: Record<string, string>, more: string[] = []): SourceView => ({
  paths: [...Object.keys(texts), ...more].sort(),
  texts,
});
const manifest = (more: object) => JSON.stringify({ name: 'x', ...more });
const none = parseBerthYaml('');
const lock = (packages: object, root: object = {}) =>
  JSON.stringify({ lockfileVersion: 3, packages: { '': root, ...packages } });

describe('planNode', () => {
  it('plans npm with a lockfile, a build script and a Procfile', () => {
    const texts = {
      'package.json': manifest({
        version: '1.0.0',
        engines: { node: '22.x' },
        scripts: { build: 'tsc' },
        dependencies: { a: '1.0.0' },
        devDependencies: { typescript: '5' },
      }),
      'package-lock.json': lock({}),
      '.npmrc': `//r/:_authToken=\${NPM_TOKEN}\n`,
      Procfile: 'web: node dist/server.js\nclock: node clock.js\nrelease: node migrate.js',
    };
    const settings = { ...none, processes: { worker: { command: 'node worker.js', singleton: true } } };
    expect(planNode(view(texts, ['patches/a.patch', 'src/x.ts']), settings)).toMatchSnapshot();
  });

  it('plans npm without a lockfile', () => {
    const texts = { 'package.json': manifest({ scripts: { start: 'node x' }, dependencies: { a: '1' } }) };
    expect(planNode(view(texts), none)).toMatchSnapshot();
  });

  it('plans pnpm with workspaces', () => {
    const texts = {
      'package.json': manifest({ scripts: { start: 'node x' }, packageManager: 'pnpm@9.8.0' }),
      'packages/a/package.json': manifest({ dependencies: { ms: '2.1.3' }, devDependencies: { semver: '7' } }),
      'pnpm-workspace.yaml': 'packages: [packages/*]',
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      '.nvmrc': 'lts/jod\n',
    };
    expect(planNode(view(texts), none)).toMatchSnapshot();
  });

  it.each([
    ['yarn 1', { 'yarn.lock': '# yarn lockfile v1\n' }],
    ['yarn 2', { 'yarn.lock': '__metadata:\n  version: 8\n', '.yarnrc.yml': `npmAuthToken: "\${TOKEN}"\n` }],
  ])('plans %s', (_name, texts) => {
    const all = { ...texts, 'package.json': manifest({ scripts: { start: 'x' }, dependencies: { ms: '2.1.3' } }) };
    expect(planNode(view(all), none)).toMatchSnapshot();
  });

  it.each([
    ['an install script', { scripts: { start: 'x', postinstall: 'y' } }, 'package.json has a script "postinstall"'],
    [
      'a dependency inside the repository',
      { scripts: { start: 'x' }, dependencies: { a: 'file:./a' } },
      'a is a dependency inside the repository',
    ],
  ])('makes dependencies of one commit only for %s', (_what, more, reason) => {
    const texts = { 'package.json': manifest({ dependencies: { b: '1' }, ...more }), 'package-lock.json': lock({}) };
    const { dependencies } = planNode(view(texts), none);
    expect(dependencies).toMatchObject({ files: undefined, notSharedBecause: reason, unpack: undefined });
  });

  it('gives a new version number and new scripts the same dependencies', () => {
    const files = (version: string, script: string) =>
      planNode(
        view({
          'package.json': manifest({ version, scripts: { start: script }, dependencies: { a: '1' } }),
          'package-lock.json': JSON.stringify({ version, lockfileVersion: 3, packages: { '': { version } } }),
        }),
        none,
      ).dependencies?.files;
    expect(files('1.0.0', 'node a')).toEqual(files('2.0.0', 'node b'));
  });

  it('has no dependencies at all for an app without any', () => {
    expect(
      planNode(view({ 'package.json': manifest({ scripts: { start: 'x' } }) }), none).dependencies,
    ).toBeUndefined();
  });
});

describe('what only has to be unpacked', () => {
  const unpack = (packages: object, more: Record<string, string> = {}) =>
    planNode(
      view({
        'package.json': manifest({ scripts: { start: 'x' }, dependencies: { a: '1' } }),
        'package-lock.json': lock(packages, { dependencies: { a: '1' } }),
        ...more,
      }),
      none,
    ).dependencies?.unpack;
  const a = { version: '1.0.0', integrity: 'sha512-x' };

  it('is each production package with its commands', () => {
    expect(
      unpack({
        'node_modules/a': { ...a, bin: { a: './cli.js', evil: '../../../etc/passwd', '../x': 'y' } },
        'node_modules/@s/b': { ...a, name: '@s/real' },
        'node_modules/a/node_modules/c': a,
        'node_modules/dev': { ...a, dev: true, hasInstallScript: true },
        'node_modules/mac': { ...a, optional: true, os: ['darwin'] },
        'node_modules/musl': { ...a, optional: true, os: ['linux'], cpu: ['x64'], libc: ['musl'] },
        'node_modules/a/node_modules/bundled': { version: '1.0.0', inBundle: true },
      }),
    ).toEqual({
      packages: [
        { path: 'node_modules/a', name: 'a', ...a },
        { path: 'node_modules/@s/b', name: '@s/real', ...a },
        { path: 'node_modules/a/node_modules/c', name: 'c', ...a },
      ],
      links: [{ path: 'node_modules/.bin/a', target: '../a/cli.js' }],
    });
  });

  it.each([
    ['an install script', { 'node_modules/a': { ...a, hasInstallScript: true } }, {}],
    ['no integrity', { 'node_modules/a': { version: '1.0.0' } }, {}],
    ['a link', { 'node_modules/a': { link: true, resolved: 'a' } }, {}],
    ['a git dependency', { 'node_modules/a': { ...a, resolved: 'git+ssh://git@h/a.git#1' } }, {}],
    ['a path that leads outside', { 'node_modules/../../a': a }, {}],
    [
      'a bundled path that leads outside',
      { '../../etc/node_modules/a': { ...a, inBundle: true, bin: { a: 'x' } } },
      {},
    ],
    ['a scope that leads outside', { 'node_modules/@../a': a }, {}],
    ['a name that is none', { 'node_modules/a': { ...a, name: '../../x' } }, {}],
    ['settings of npm', { 'node_modules/a': a }, { '.npmrc': 'legacy-peer-deps=true' }],
    [
      'another manifest',
      { 'node_modules/a': a },
      { 'package.json': manifest({ scripts: { start: 'x' }, dependencies: { a: '2' } }) },
    ],
  ])('is left to npm with %s', (_what, packages, more) => {
    expect(unpack(packages, more)).toBeUndefined();
  });
});
