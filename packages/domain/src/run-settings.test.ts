import { describe, expect, it } from 'vitest';
import { processTypesIn, sectionsOf, settingsIn } from './run-settings.js';

const web = { name: 'web', command: 'node server.js', singleton: false };
const image = {
  processTypes: [web, { ...web, name: 'worker', quantity: 1 }, { ...web, name: 'release', command: 'node migrate.js' }],
  healthcheck: { path: '/up', timeoutMs: 60_000, strict: true },
  agents: [
    { name: 'proxy', command: './proxy' },
    { name: 'metrics', command: './metrics', processes: ['web'] },
  ],
  cron: [{ schedule: '@daily', command: 'node nightly.js' }],
  environments: {
    daily: { processes: { web: { size: 'standard-2x', quantity: 2 } }, healthcheck: { timeoutMs: 5_000 } },
    project: {
      processes: { web: { quantity: 1 } },
      release: null,
      agents: { proxy: null, metrics: { processes: ['worker'] }, seed: { command: './seed' } },
      cron: [],
    },
    qa: { release: 'node migrate.js --try' },
  },
};

describe('how an image runs in an environment', () => {
  it('is as everywhere where it has no section', () => {
    const { environments, ...everywhere } = image;
    expect(settingsIn(image, ['production'])).toEqual(everywhere);
  });

  it('is what its section says over the rest: maps key by key', () => {
    const { processTypes, healthcheck, agents } = settingsIn(image, ['daily']);
    expect(processTypes[0]).toEqual({ ...web, size: 'standard-2x', quantity: 2 });
    expect(processTypes[1]).toEqual({ ...web, name: 'worker', quantity: 1 });
    expect(healthcheck).toEqual({ path: '/up', timeoutMs: 5_000, strict: true });
    expect(agents).toEqual(image.agents);
    expect(settingsIn({ ...image, healthcheck: null }, ['daily']).healthcheck).toEqual({
      ...{ path: '/', timeoutMs: 5_000, strict: false },
    });
  });

  it("is in a project environment the base's section, and that of projects over it; null takes away, lists are replaced", () => {
    const sections = sectionsOf({ kind: 'project', name: 'red', base: { name: 'daily' } });
    expect(sections).toEqual(['daily', 'project']);
    const { processTypes, agents, cron, healthcheck } = settingsIn(image, sections);
    expect(processTypes.map(({ name, quantity, size }) => [name, quantity, size])).toEqual([
      ['web', 1, 'standard-2x'],
      ['worker', 1, undefined],
    ]);
    expect(agents).toEqual([
      { name: 'metrics', command: './metrics', processes: ['worker'] },
      { name: 'seed', command: './seed' },
    ]);
    expect(cron).toEqual([]);
    expect(healthcheck?.timeoutMs).toBe(5_000);
  });

  it('has another release command, or one where there was none', () => {
    const commandIn = (types: object[]) =>
      processTypesIn({ processTypes: types, environments: image.environments }, ['qa']).find(
        ({ name }) => name === 'release',
      )?.command;
    expect(commandIn(image.processTypes)).toBe('node migrate.js --try');
    expect(commandIn([web])).toBe('node migrate.js --try');
  });

  it("runs a command of its own by the shell, in place of the image's ENTRYPOINT", () => {
    const types = [{ ...web, argv: ['/server'] }];
    const environments = { qa: { processes: { web: { command: '/server --debug' } } } };
    expect(processTypesIn({ processTypes: types, environments }, ['qa'])).toEqual([
      { ...web, command: '/server --debug' },
    ]);
    expect(processTypesIn({ processTypes: types, environments }, ['pre'])).toEqual(types);
  });
});
