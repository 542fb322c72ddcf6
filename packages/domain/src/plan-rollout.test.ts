import { describe, expect, it } from 'vitest';
import { planRollout } from './plan-rollout.js';
import { defaultHealthcheck } from './process-type.js';

const processTypes = [
  { name: 'web', command: 'node server.js', singleton: false },
  { name: 'worker', command: 'node worker.js', singleton: false },
  { name: 'clock', command: 'node clock.js', singleton: false },
  { name: 'importer', command: 'node import.js', singleton: true },
  { name: 'release', command: 'node migrate.js', singleton: false },
];
const one = (processType: string, quantity: number) => ({ processType, quantity, size: 'standard-2x' });

describe('planRollout', () => {
  it('starts one web instance and nothing else of a first release, and waits for its health only', () => {
    const plan = planRollout({ processTypes, formation: [], healthcheck: defaultHealthcheck });
    expect(plan).toMatchInlineSnapshot(`
      {
        "afterSwitch": [],
        "beside": [
          {
            "command": "node server.js",
            "isRouted": true,
            "isSingleton": false,
            "processType": "web",
            "quantity": 1,
            "size": "standard-1x",
          },
        ],
        "health": {
          "path": "/",
          "strict": false,
          "timeoutMs": 60000,
        },
        "stayUpMs": 0,
      }
    `);
  });

  it('changes clock and singletons after the switch, one of each, and lets workers stay up 5 s beside the old ones', () => {
    const formation = [one('web', 2), one('worker', 3), one('clock', 1), one('importer', 4)];
    const plan = planRollout({ processTypes, formation, healthcheck: defaultHealthcheck });
    expect(plan.beside.map((group) => [group.processType, group.quantity, group.size])).toEqual([
      ['web', 2, 'standard-2x'],
      ['worker', 3, 'standard-2x'],
    ]);
    expect(plan.afterSwitch.map((group) => [group.processType, group.quantity])).toEqual([
      ['clock', 1],
      ['importer', 1],
    ]);
    expect(plan.stayUpMs).toBe(5_000);
  });

  it('needs no health when web is scaled to zero', () => {
    const plan = planRollout({ processTypes, formation: [one('web', 0)], healthcheck: defaultHealthcheck });
    expect(plan).toEqual({ health: null, beside: [], afterSwitch: [], stayUpMs: 0 });
  });
});
