import { describe, expect, it } from 'vitest';
import type { SourceView } from '../source-view.js';
import { planGo } from './plan.js';

const none = { processes: {}, caches: [], files: [], agents: [], cron: [], needs: [], environments: {} };
const main = 'package main\n\nfunc main() {}\n';
const view = (texts: Record<string, string>, more: string[] = []): SourceView => ({
  paths: [...Object.keys(texts), ...more].sort(),
  texts,
});
const goMod = (more = '') => `module example.com/team/shop/v2\n\ngo 1.24\n${more}`;
const webOf = (texts: Record<string, string>, more: string[] = []) =>
  planGo(view(texts, more), none).processes.find(({ name }) => name === 'web')?.command;

describe('planGo', () => {
  it('plans a module with one binary', () => {
    expect(planGo(view({ 'go.mod': goMod(), 'main.go': main }, ['templates/a.html']), none)).toMatchSnapshot();
  });

  it('plans a vendored module with install lines and a Procfile', () => {
    const texts = {
      'go.mod': goMod('toolchain go1.24.3\n// +heroku install ./cmd/web ./cmd/worker\n'),
      Procfile: 'web: bin/web\nworker: bin/worker',
    };
    expect(planGo(view(texts, ['cmd/web/x.go', 'vendor/modules.txt']), none)).toMatchSnapshot();
  });

  it.each([
    ['go 1.22', '1.22'],
    ['go 1.22\n\ntoolchain go1.24.3', 'go1.24.3'],
    ['// +heroku goVersion go1.23\ngo 1.22\ntoolchain go1.24.3', 'go1.23'],
  ])('reads the version of %j', (lines, wish) => {
    const { runtime } = planGo(view({ 'go.mod': `module m\n${lines}\n`, 'main.go': main }), none);
    expect(runtime).toEqual({ name: 'go', wish, wishFrom: 'go.mod' });
  });

  it('lets berth.yaml name another version', () => {
    const settings = { ...none, runtime: { name: 'go' as const, version: '1.26' } };
    expect(planGo(view({ 'go.mod': goMod(), 'main.go': main }), settings).runtime.wish).toBe('1.26');
  });

  it('starts the only binary, by its name', () => {
    expect(webOf({ 'go.mod': goMod(), 'main.go': main })).toBe('bin/shop');
    expect(webOf({ 'go.mod': goMod() }, ['server.go', 'server_test.go'])).toBe('bin/shop');
    expect(webOf({ 'go.mod': goMod() }, ['shop.go', 'cmd/api/server.go'])).toBe('bin/api');
    expect(webOf({ 'go.mod': goMod(), 'service/front/main.go': main, 'tools.go': '' })).toBe('bin/front');
    expect(webOf({ 'go.mod': goMod() }, ['cmd/web/a.go', 'cmd/worker/a.go'])).toBe('bin/web');
    const installed = goMod('// +heroku install ./cmd/b\n');
    expect(webOf({ 'go.mod': installed }, ['cmd/a/a.go', 'cmd/b/b.go'])).toBe('bin/b');
  });

  it('says why nothing starts', () => {
    expect(() => webOf({ 'go.mod': goMod() }, ['cmd/a/a.go', 'cmd/b/b.go'])).toThrow(
      'there is no Procfile and the module has more than one main package (a, b).',
    );
    expect(() => webOf({ 'go.mod': goMod() }, ['vendor/x/main.go', 'a_test.go'])).toThrow('no main package');
  });
});
