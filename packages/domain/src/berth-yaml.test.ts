import { describe, expect, it } from 'vitest';
import { parseBerthYaml } from './berth-yaml.js';

describe('parseBerthYaml', () => {
  it('reads everything it knows', () => {
    const text = `
runtime: node@22
root: ./services/api/
build:
  command: npm run compile
processes:
  web: node server.js
  clock:
    singleton: true
healthcheck:
  path: /up
  timeout: 20
  strict: true
`;
    expect(parseBerthYaml(text)).toEqual({
      runtime: { name: 'node', version: '22' },
      root: 'services/api',
      buildCommand: 'npm run compile',
      processes: { web: { command: 'node server.js', singleton: false }, clock: { singleton: true } },
      healthcheck: { path: '/up', timeoutMs: 20_000, strict: true },
    });
    expect(parseBerthYaml('')).toEqual({ processes: {} });
    expect(parseBerthYaml('healthcheck: {path: /x}').healthcheck).toEqual({
      path: '/x',
      timeoutMs: 60_000,
      strict: false,
    });
  });

  it.each([
    ['healtcheck:\n  path: /', 'berth.yaml line 1: there is no key "healtcheck". Did you mean "healthcheck"?'],
    [
      'runtime: node\nhealthcheck:\n  pth: /',
      'berth.yaml line 3: there is no key "healthcheck.pth". Did you mean "path"?',
    ],
    [
      'zzzzzzzz: 1',
      'berth.yaml line 1: there is no key "zzzzzzzz". Known here: runtime, build, processes, healthcheck, root.',
    ],
    ['runtime: node\n\naddons:\n  - postgres', 'berth.yaml line 3: "addons" is not supported yet.'],
    [
      'processes:\n  web:\n    singelton: true',
      'berth.yaml line 3: there is no key "processes.web.singelton". Did you mean "singleton"?',
    ],
    ['processes:\n  web:\n    resources: 1', 'berth.yaml line 3: "processes.web.resources" is not supported yet.'],
    ['build: dockerfile', 'berth.yaml line 1: builds by Dockerfile are not supported yet.'],
    ['root: ../other', 'berth.yaml line 1: root must not lead outside of the repository.'],
    ['healthcheck:\n  timeout: soon', 'berth.yaml line 2: healthcheck.timeout is a number of seconds from 1 to 600.'],
    ['healthcheck:\n  path: up', 'berth.yaml line 2: healthcheck.path starts with /.'],
    ['- a', 'berth.yaml line 1: it must be a map of keys.'],
  ])('says what is wrong in %j', (text, message) => {
    expect(() => parseBerthYaml(text)).toThrow(message);
  });

  it('names the line of a syntax error', () => {
    expect(() => parseBerthYaml('runtime: node\nbuild: [')).toThrow(/^berth.yaml line \d: /);
  });
});
