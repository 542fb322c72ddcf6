import { parseBerthYaml } from '@berth/domain/berth-yaml';
import { describe, expect, it } from 'vitest';
import type { SourceView } from '../source-view.js';
import { planNode } from './plan.js';
import { isWorkspaceMember } from './workspaces.js';

const view = (texts: Record<string, string>, more: string[] = []): SourceView => ({
  paths: [...Object.keys(texts), ...more].sort(),
  texts,
});
const json = (value: object) => JSON.stringify(value);
const none = parseBerthYaml('');

/** web needs ui, which needs tokens; api is another app of the same repository. */
const monorepo = {
  'package.json': json({ name: 'acme', workspaces: ['apps/*', './packages/*', '!packages/old'], devDependencies: {} }),
  'package-lock.json': json({ lockfileVersion: 3, packages: { '': {} } }),
  'apps/web/package.json': json({
    name: '@acme/web',
    engines: { node: '22' },
    scripts: { build: 'vite build', start: 'node server.js' },
    dependencies: { '@acme/ui': '*', left: '1' },
  }),
  'apps/api/package.json': json({ name: '@acme/api', scripts: { start: 'node .' } }),
  'packages/ui/package.json': json({
    name: '@acme/ui',
    scripts: { build: 'tsc' },
    dependencies: { '@acme/tokens': '*' },
  }),
  'packages/tokens/package.json': json({ name: '@acme/tokens', scripts: { build: 'node make.js' } }),
  'packages/old/package.json': json({ name: '@acme/old' }),
  '.nvmrc': '20',
};
const commandsOf = (texts: Record<string, string>, member: string) =>
  planNode(view(texts), none, member).build.map(({ argv }) => argv.join(' '));

describe('a workspace', () => {
  it('is told from an app of its own in a sub-folder', () => {
    const top = view({ ...monorepo, 'apps/alone/package.json': '{}', 'apps/alone/yarn.lock': '' });
    const paths = ['apps/web', 'apps/alone', 'packages/old', 'docs'];
    expect(paths.map((path) => isWorkspaceMember(top, path))).toEqual([true, false, false, false]);
    expect(isWorkspaceMember(view({ 'apps/web/package.json': '{}' }), 'apps/web')).toBe(false);
  });

  it('is installed from the top, built after what it needs, and started in its own directory', () => {
    const plan = planNode(view(monorepo), none, 'apps/web');
    expect(plan.build.map(({ argv }) => argv.join(' '))).toEqual([
      'npm run build --workspace=packages/tokens',
      'npm run build --workspace=packages/ui',
      'npm run build --workspace=apps/web',
    ]);
    expect(plan).toMatchObject({
      runtime: { wish: '22', wishFrom: 'apps/web/package.json' },
      workingDir: 'apps/web',
      leaveOut: ['**/node_modules/.cache', 'apps/api'],
      processes: [{ name: 'web', command: 'npm start' }],
    });
    expect(plan.dependencies?.files?.map(({ path }) => path)).toContain('packages/ui/package.json');
  });

  it.each([
    ['pnpm', { 'pnpm-lock.yaml': "lockfileVersion: '9.0'" }, 'pnpm --dir packages/ui run build'],
    ['yarn 1', { 'yarn.lock': '# yarn lockfile v1' }, 'yarn --cwd packages/ui run build'],
    ['yarn 2', { 'yarn.lock': '__metadata:\n  version: 8' }, 'yarn workspace @acme/ui run build'],
    ['bun', { 'bun.lock': '{}' }, 'bun run --cwd=packages/ui build'],
  ])('is built with %s', (_name, lockfile, command) => {
    const { 'package-lock.json': _, ...others } = monorepo;
    const pnpm = { 'pnpm-workspace.yaml': 'packages: ["apps/*", "packages/*"]' };
    const texts = { ...others, ...lockfile, ...('pnpm-lock.yaml' in lockfile ? pnpm : {}) };
    expect(commandsOf(texts as Record<string, string>, 'apps/web')).toContain(command);
  });

  it('is built by Turborepo or Nx where the repository has them', () => {
    const root = { name: 'acme', workspaces: ['apps/*', 'packages/*'] };
    const turbo = {
      ...monorepo,
      'turbo.json': '{}',
      'package.json': json({ ...root, devDependencies: { turbo: '2' } }),
    };
    expect(commandsOf(turbo, 'apps/web')).toEqual(['turbo run build --filter=./apps/web']);
    const nx = {
      'nx.json': '{}',
      'package.json': json({ name: 'acme', devDependencies: { nx: '21' } }),
      'package-lock.json': '{}',
      'apps/shop/project.json': json({ name: 'shop-api' }),
    };
    expect(isWorkspaceMember(view(nx), 'apps/shop')).toBe(true);
    const settings = parseBerthYaml('processes:\n  web: node ../../dist/apps/shop/main.js');
    expect(planNode(view(nx), settings, 'apps/shop').build.map(({ argv }) => argv.join(' '))).toEqual([
      'nx run shop-api:build',
    ]);
  });

  it('that needs itself in a circle is built once', () => {
    const circle = {
      'package.json': json({ workspaces: ['a', 'b'] }),
      'a/package.json': json({ name: 'a', scripts: { build: 'x', start: 'y' }, dependencies: { b: '*' } }),
      'b/package.json': json({ name: 'b', scripts: { build: 'x' }, dependencies: { a: '*' } }),
    };
    expect(commandsOf(circle, 'a')).toEqual(['npm run build --workspace=b', 'npm run build --workspace=a']);
  });
});

describe('without a Procfile', () => {
  const startOf = (dependencies: Record<string, string>, scripts: Record<string, string> = {}) =>
    planNode(view({ 'package.json': json({ scripts, dependencies }), 'package-lock.json': '{}' }), none);

  it.each([
    ['next', { next: '16' }, 'next start --port $PORT'],
    ['nuxt', { nuxt: '4' }, 'node .output/server/index.mjs'],
    ['remix', { '@remix-run/serve': '2' }, 'remix-serve ./build/server/index.js'],
    ['react-router', { '@react-router/serve': '7' }, 'react-router-serve ./build/server/index.js'],
    ['sveltekit', { '@sveltejs/kit': '2', '@sveltejs/adapter-node': '5' }, 'node build'],
    ['astro', { astro: '5', '@astrojs/node': '9' }, 'node dist/server/entry.mjs'],
    ['tanstack', { '@tanstack/react-start': '1' }, 'node .output/server/index.mjs'],
  ])('%s starts by its own convention', (_name, dependencies, command) => {
    expect(startOf(dependencies).processes).toMatchObject([{ name: 'web', command }]);
  });

  it('a start script wins, but not one that is a development server', () => {
    expect(startOf({ next: '16' }, { start: 'next start' }).processes).toMatchObject([{ command: 'npm start' }]);
    const astro = startOf({ astro: '5', '@astrojs/node': '9' }, { start: 'astro dev' });
    expect(astro.processes).toMatchObject([{ command: 'node dist/server/entry.mjs' }]);
    expect(astro.warnings).toEqual([
      'The start script "astro dev" is a development server; Astro is started by "node dist/server/entry.mjs". A Procfile says otherwise.',
    ]);
    expect(startOf({}, { start: 'vite' }).warnings.join()).toContain('is a development server');
  });

  it('a framework listens everywhere, and its build cache is kept', () => {
    expect(startOf({ next: '16' }).caches).toEqual(['node_modules/.cache', '.next/cache']);
    expect(startOf({ astro: '5', '@astrojs/node': '9' }).env).toMatchObject({
      NODE_ENV: 'production',
      HOST: '0.0.0.0',
    });
  });

  it('bun is in the image only where a process is started by it', () => {
    const plan = (scripts: Record<string, string>) =>
      planNode(view({ 'package.json': json({ scripts }), 'bun.lock': '{}', 'server.js': '' }), none).tools;
    expect(plan({ start: 'bun server.ts' })).toEqual([{ name: 'bun', version: undefined, isInImage: true }]);
    expect(plan({})).toEqual([{ name: 'bun', version: undefined, isInImage: false }]);
  });
});
