import { describe, expect, it } from 'vitest';
import { planRollout } from './plan-rollout.js';
import { defaultHealthcheck } from './process-type.js';

const formation = (quantities: Record<string, number>) =>
  Object.entries(quantities).map(([processType, quantity]) => ({
    processType,
    quantity,
    command: `node ${processType}.js`,
    size: 'standard-1x',
    singleton: processType === 'importer',
  }));

describe('planRollout', () => {
  it('starts what has a quantity, and waits only for the health of web', () => {
    const plan = planRollout({ formation: formation({ web: 1, worker: 0 }), healthcheck: defaultHealthcheck });
    expect(plan).toMatchInlineSnapshot(`
      {
        "afterSwitch": [],
        "beside": [
          {
            "command": "node web.js",
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

  it('carries along how a process starts: an argument list, an image of its own', () => {
    const own = { argv: ['/web', '-v'] as [string, string], imageDigest: `sha256:${'a'.repeat(64)}` };
    const [web] = formation({ web: 1 }).map((wanted) => ({ ...wanted, ...own }));
    expect(planRollout({ formation: [web!], healthcheck: defaultHealthcheck }).beside[0]).toMatchObject(own);
  });

  it('changes clock and singletons after the switch, one of each, and lets workers stay up 5 s beside the old ones', () => {
    const quantities = { web: 2, worker: 3, clock: 1, importer: 4, release: 1 };
    const plan = planRollout({ formation: formation(quantities), healthcheck: defaultHealthcheck });
    expect(plan.beside.map((group) => [group.processType, group.quantity])).toEqual([
      ['web', 2],
      ['worker', 3],
    ]);
    expect(plan.afterSwitch.map((group) => [group.processType, group.quantity])).toEqual([
      ['clock', 1],
      ['importer', 1],
    ]);
    expect(plan.stayUpMs).toBe(5_000);
  });

  it('needs no health when web is scaled to zero', () => {
    const plan = planRollout({ formation: formation({ web: 0 }), healthcheck: defaultHealthcheck });
    expect(plan).toEqual({ health: null, beside: [], afterSwitch: [], stayUpMs: 0 });
  });
});
