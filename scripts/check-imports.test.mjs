import { describe, expect, it } from 'vitest';
import { checkImports } from './check-imports.mjs';

/** @param {Record<string, string[]>} files who imports what */
const graphOf = (files) =>
  new Map(Object.entries(files).map(([file, imports]) => [file, imports.map((to) => ({ to, isType: false }))]));

describe('import directions', () => {
  it('hold in this tree', () => {
    expect(checkImports()).toEqual([]);
  });

  it('keep apps out of apps, and rows to the use cases', () => {
    expect(
      checkImports(graphOf({ 'apps/git/src/main.ts': ['apps/api/src/sign-url.ts', 'packages/db/src/client.ts'] })),
    ).toEqual([
      'apps/git/src/main.ts may not import apps/api/src/sign-url.ts',
      'apps/git/src/main.ts may not import packages/db/src/client.ts',
    ]);
  });

  it('give the releaser the client of the engine, and no Docker by any detour', () => {
    const client = 'packages/engine/src/release-client.ts';
    const direct = graphOf({ 'apps/releaser/src/main.ts': [client], [client]: [] });
    expect(checkImports(direct)).toEqual([]);
    const detour = graphOf({
      'apps/releaser/src/main.ts': [client],
      [client]: ['packages/engine/src/docker/exec.ts'],
      'packages/engine/src/docker/exec.ts': ['npm:dockerode'],
    });
    expect(checkImports(detour)).toEqual([
      `apps/releaser/src/main.ts → ${client} → packages/engine/src/docker/exec.ts: only apps/host has Docker; the others have a client of its socket`,
    ]);
  });

  it('find a circle between nouns of the platform', () => {
    const circle = graphOf({
      'packages/platform/src/builds/start-build.ts': ['packages/platform/src/releases/create-release.ts'],
      'packages/platform/src/releases/create-release.ts': ['packages/platform/src/builds/move-build.ts'],
      'packages/platform/src/builds/move-build.ts': [],
    });
    expect(checkImports(circle)).toEqual(['packages/platform: a circle between nouns: builds → releases → builds']);
  });
});
