import { describe, expect, it } from 'vitest';
import { pickBuildpack } from '../pick-buildpack.js';
import type { SourceView } from '../source-view.js';
import { planStatic } from './plan.js';

const none = { processes: {}, caches: [], files: [], agents: [], cron: [], needs: [], environments: {} };
const view = (texts: Record<string, string>, more: string[] = []): SourceView => ({
  paths: [...Object.keys(texts), ...more].sort(),
  texts,
});
const manifest = (dev: string[], more: object = {}) =>
  JSON.stringify({
    name: 'x',
    scripts: { build: 'b' },
    devDependencies: Object.fromEntries(dev.map((name) => [name, '1'])),
    ...more,
  });
const picked = (source: SourceView) => pickBuildpack(source, {}).name;

describe('planStatic', () => {
  it('plans a folder of files', () => {
    expect(planStatic(view({}, ['index.html', 'a.css']), none)).toMatchSnapshot();
  });

  it.each([
    [['public/index.html', 'README.md'], 'berth-static public'],
    [['index.html', 'public/index.html'], 'berth-static'],
  ])('of %j starts %s', (paths, command) => {
    expect(planStatic(view({}, paths), none).processes).toEqual([{ name: 'web', command, singleton: false }]);
  });

  it('plans a front-end: built by Node.js with all dependencies, served by nginx without any', () => {
    const texts = { 'package.json': manifest(['vite']), 'package-lock.json': '{}', '.nvmrc': '22' };
    expect(planStatic(view(texts, ['index.html', 'src/main.js']), none)).toMatchSnapshot();
  });

  it('plans a front-end that is a workspace of a repository', () => {
    const texts = {
      'package.json': JSON.stringify({ workspaces: ['apps/*'] }),
      'package-lock.json': '{}',
      'apps/web/package.json': manifest(['vite'], { name: 'web' }),
      'apps/web/vite.config.ts': `export default { build: { outDir: 'site' } }`,
    };
    const plan = planStatic(view(texts, ['apps/web/index.html']), none, 'apps/web');
    expect(plan).toMatchObject({
      runtime: { name: 'node' },
      serve: { runtime: 'static', folder: 'apps/web/site' },
      workingDir: 'apps/web',
      processes: [{ name: 'web', command: 'berth-static site --immutable assets' }],
    });
  });
});

describe('the folder of a front-end', () => {
  const angular = (options: object, builder = '@angular/build:application') =>
    JSON.stringify({ projects: { shop: { projectType: 'application', architect: { build: { builder, options } } } } });
  it.each([
    ['Vite', ['vite'], {}, 'dist'],
    [
      'Vite with a folder of its own',
      ['vite'],
      { 'vite.config.js': `x({ build: { outDir: './out/web/' } })` },
      'out/web',
    ],
    ['Vite with a folder outside', ['vite'], { 'vite.config.js': `x({ build: { outDir: '../out' } })` }, 'dist'],
    ['Create React App', ['react-scripts'], {}, 'build'],
    ['Vue CLI', ['@vue/cli-service'], {}, 'dist'],
    ['SvelteKit', ['@sveltejs/kit', '@sveltejs/adapter-static', 'vite'], {}, 'build'],
    ['Astro', ['astro'], {}, 'dist'],
    ['Next.js', ['next'], { 'next.config.mjs': `export default { output: 'export' }` }, 'out'],
    ['React Router', ['@react-router/dev', 'vite'], { 'react-router.config.ts': 'ssr: false' }, 'build/client'],
    ['Angular', ['@angular/core', '@angular/cli'], { 'angular.json': angular({}) }, 'dist/shop/browser'],
    [
      'Angular with a path',
      ['@angular/core', '@angular/cli'],
      { 'angular.json': angular({ outputPath: { base: 'out', browser: '' } }) },
      'out',
    ],
    [
      'Angular of before',
      ['@angular/core', '@angular/cli'],
      { 'angular.json': angular({ outputPath: 'dist/x' }, '@angular-devkit/build-angular:browser') },
      'dist/x',
    ],
  ])('%s', (_name, dev, more, folder) => {
    const source = view({ 'package.json': manifest(dev), ...more });
    expect(picked(source)).toBe('static');
    expect(planStatic(source, none).serve).toEqual({ runtime: 'static', folder });
  });

  it('is what the Procfile says, whatever builds it', () => {
    const source = view({ 'package.json': manifest([]), Procfile: 'web: berth-static ./www/ --immutable js\n' });
    expect(picked(source)).toBe('static');
    expect(planStatic(source, none)).toMatchObject({
      serve: { folder: 'www' },
      processes: [{ command: 'berth-static ./www/ --immutable js' }],
    });
  });
});

describe('what Node.js has to start', () => {
  const server = (start: string) => manifest(['vite'], { scripts: { build: 'b', start } });
  it.each([
    ['a start script', { 'package.json': server('node server.js') }, []],
    ['a Procfile without web', { 'package.json': manifest(['vite']), Procfile: 'worker: node x.js' }, []],
    ['a preview that is told the port', { 'package.json': server('vite preview --port $PORT') }, []],
    ['a Procfile', { 'package.json': manifest(['vite']), Procfile: 'web: node x.js' }, []],
    ['server.js', { 'package.json': manifest(['vite']) }, ['server.js']],
    ['a server framework', { 'package.json': manifest(['vite', '@tanstack/react-start']) }, []],
    ['Next.js with a server', { 'package.json': manifest(['next']), 'next.config.js': '{}' }, []],
    [
      'Angular with a server',
      { 'package.json': manifest(['@angular/core', '@angular/cli']), 'angular.json': '{}' },
      [],
    ],
    ['another language', { 'package.json': manifest(['vite']) }, ['requirements.txt']],
    ['no build script', { 'package.json': manifest(['vite'], { scripts: {} }) }, ['index.html']],
  ])('is an app with %s', (_what, texts, more) => {
    expect(picked(view(texts, more))).toBe('node');
  });

  it('is an app whose berth.yaml says how it starts', () => {
    const settings = { ...none, processes: { web: { command: 'node server.js', singleton: false } } };
    const plan = planStatic(view({ 'package.json': manifest(['vite']) }), settings);
    expect(plan).toMatchObject({ buildpack: { name: 'node' }, processes: [{ command: 'node server.js' }] });
    expect(plan.serve).toBeUndefined();
  });

  it('is not an app whose start script is a development server', () => {
    expect(picked(view({ 'package.json': server('vite') }))).toBe('static');
    expect(picked(view({ 'package.json': server('vite preview') }))).toBe('static');
  });
});
