import { describe, expect, it } from 'vitest';
import { findRoot } from './find-root.js';
import { pickBuildpack } from './pick-buildpack.js';
import type { SourceView } from './source-view.js';

const view = (texts: Record<string, string>): SourceView => ({ paths: Object.keys(texts).sort(), texts });

describe('pickBuildpack', () => {
  it('says what it looked for, and where there is something', () => {
    const found = () => pickBuildpack(view({ 'api/package.json': '{}' }), {});
    expect(found).toThrow(/^No buildpack matches this app: looked for .*package\.json \(Node\.js\)/);
    expect(found).toThrow('at the top of the repository. There is one in api/: say "root: api" in berth.yaml.');
  });

  it('says how a Dockerfile that nothing asks for is built by', () => {
    expect(() => pickBuildpack(view({ Dockerfile: 'FROM node:22' }), {})).toThrow(
      /say "build: dockerfile" in berth\.yaml/,
    );
  });

  it('takes the one that berth.yaml names, whatever the files say', () => {
    const runtime = { name: 'node' as const, version: undefined };
    expect(pickBuildpack(view({ 'x.txt': '' }), { runtime }).name).toBe('node');
  });
});

describe('findRoot', () => {
  const top = view({ 'apps/web/package.json': '{}' });
  const settings = { caches: [], files: [], processes: {}, agents: [], cron: [], needs: [], environments: {} };

  it('is what berth.yaml says, else PROJECT_PATH, else the top', () => {
    expect(findRoot(top, { ...settings, root: 'apps' }, 'apps/web')).toBe('apps');
    expect(findRoot(top, settings, '/apps/web/')).toBe('apps/web');
    expect([findRoot(top, settings, undefined), findRoot(top, settings, ' ')]).toEqual([undefined, undefined]);
  });

  it('has to be in the repository', () => {
    expect(() => findRoot(top, settings, 'apps/api')).toThrow(
      'the config var PROJECT_PATH: there is no directory apps/api in the repository.',
    );
    expect(() => findRoot(top, settings, 'apps/../..')).toThrow('must not lead outside');
  });
});
