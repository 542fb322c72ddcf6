import { describe, expect, it } from 'vitest';
import { grantProcess, type RegistryProcess, registryProcesses } from './process-grants.js';

const scope = (name: string) => ({ type: 'repository', name, actions: ['pull', 'push', 'delete'] });
const names = [
  'source/r',
  'app/r',
  'dependencies/t',
  'runtime/node',
  'build/node',
  'stack/berth-13',
  'pushed/a',
  'pushed/a/web',
];

describe('what a process of ours may do in the registry', () => {
  it('is what its work needs', () => {
    const table = (process: RegistryProcess) =>
      Object.fromEntries(
        names.map((name) => [name, grantProcess(process, [scope(name)])[0]?.actions.join(',') ?? 'nothing']),
      );
    expect(Object.fromEntries(registryProcesses.map((process) => [process, table(process)]))).toMatchInlineSnapshot(`
      {
        "builder": {
          "app/r": "pull,push",
          "build/node": "pull,push",
          "dependencies/t": "pull,push",
          "pushed/a": "nothing",
          "pushed/a/web": "nothing",
          "runtime/node": "pull,push",
          "source/r": "pull",
          "stack/berth-13": "pull,push",
        },
        "git": {
          "app/r": "nothing",
          "build/node": "nothing",
          "dependencies/t": "nothing",
          "pushed/a": "nothing",
          "pushed/a/web": "nothing",
          "runtime/node": "nothing",
          "source/r": "pull,push",
          "stack/berth-13": "nothing",
        },
        "host": {
          "app/r": "pull",
          "build/node": "pull",
          "dependencies/t": "pull",
          "pushed/a": "nothing",
          "pushed/a/web": "nothing",
          "runtime/node": "pull",
          "source/r": "nothing",
          "stack/berth-13": "pull",
        },
        "operator": {
          "app/r": "pull,push,delete",
          "build/node": "pull,push,delete",
          "dependencies/t": "pull,push,delete",
          "pushed/a": "pull,push,delete",
          "pushed/a/web": "pull,push,delete",
          "runtime/node": "pull,push,delete",
          "source/r": "pull,push,delete",
          "stack/berth-13": "pull,push,delete",
        },
        "releaser": {
          "app/r": "pull,delete",
          "build/node": "pull,delete",
          "dependencies/t": "pull,delete",
          "pushed/a": "pull,delete",
          "pushed/a/web": "pull,delete",
          "runtime/node": "pull,delete",
          "source/r": "pull,delete",
          "stack/berth-13": "pull,delete",
        },
      }
    `);
  });

  it('is in the registry of production for who copies images there, and for who pulls them', () => {
    const granted = (process: RegistryProcess, name: string) =>
      grantProcess(process, [scope(name)], 'production')[0]?.actions.join(',');
    expect(granted('releaser', 'app/r')).toBe('pull,push,delete');
    expect(granted('releaser', 'layers')).toBe('pull,push');
    expect(granted('host', 'app/r')).toBe('pull');
    for (const process of ['git', 'builder'] as const) expect(granted(process, 'app/r')).toBeUndefined();
    for (const name of ['source/r', 'layers']) expect(granted('host', name)).toBeUndefined();
  });

  it('is nothing but repositories', () => {
    const catalog = { type: 'registry', name: 'catalog', actions: ['*'] };
    for (const process of registryProcesses) expect(grantProcess(process, [catalog])).toEqual([]);
  });
});
