import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needed } from '../../daemon/test/needed.js';
import { until } from '../../daemon/test/until.js';
import { nodeBinary } from './node-binaries.js';
import { npmPackages } from './npm-packages.js';
import { type App, call, startApp } from './start-app.js';

const projects = {
  pa: '0198aaaa-0000-7000-8000-000000000001',
  pb: '0198aaaa-0000-7000-8000-000000000002',
};
type Project = keyof typeof projects;

/** A database of the Redis server which only these tests have. */
const redisUrl = (database: number) => Object.assign(new URL(needed('TEST_REDIS_URL')), { pathname: `/${database}` });

const versions = [
  { line: '20', bullmq: '5.81.5' },
  { line: '22', bullmq: '6, by require' },
  { line: '24', bullmq: '6, by import' },
  { line: '24', bullmq: '5.40.0' },
];

describe.each(versions)('BullMQ $bullmq in Node.js $line', ({ line, bullmq }) => {
  const queue = `own-${process.pid}-${line}-${bullmq.slice(0, 1)}`;
  const started: App[] = [];
  let node: string;
  let variant: Record<string, string>;
  let stable: App;
  let webOfA: App;
  let webOfB: App;

  async function start(more: { worker?: string; project?: Project; database?: number } = {}): Promise<App> {
    const { worker, project, database = 7 } = more;
    const url = redisUrl(database);
    const shared = project && `${project} ${projects[project]} app-${worker ?? 'web'} ${url.hostname}`;
    const env = {
      ...{ ...variant, TEST_REDIS_URL: url.href, QUEUE: queue },
      ...(worker ? { WORKER: worker } : {}),
      ...(shared ? { BERTH_SHARED_REDIS: shared } : {}),
    };
    const app = await startApp(node, 'queues.cjs', { env });
    started.push(app);
    return app;
  }

  const workersOfA: App[] = [];
  const startWorkerOfA = async (worker: string) => {
    const app = await start({ worker, project: 'pa' });
    workersOfA.push(app);
    return app;
  };

  const ask = async (app: App, how: string, mark?: string) =>
    JSON.parse(await call(app.port, { path: `/${how}`, baggage: mark && `berth-env=${mark}` }));
  /** pb has no worker of its own. */
  const expected = (project: Project | undefined) => ({
    by: project === 'pa' ? 'pa' : 'stable',
    mark: project === undefined ? null : `berth-env=${project}`,
  });
  const isBusy = async ({ process }: App) =>
    (await readFile('/proc/net/unix', 'utf8')).includes(`@berth-busy-${process.pid}-`);

  beforeAll(async () => {
    node = await nodeBinary(line);
    variant = bullmq.startsWith('5')
      ? {
          BULLMQ: `${await npmPackages(`bullmq-${bullmq}`, [`bullmq@${bullmq}`])}/node_modules/bullmq/dist/cjs/index.js`,
        }
      : { IMPORT: bullmq.endsWith('import') ? '1' : '' };
    [stable, webOfA, webOfB] = await Promise.all([
      start({ worker: 'stable' }),
      start({ project: 'pa' }),
      start({ project: 'pb' }),
      startWorkerOfA('pa'),
    ]);
    await until('it is known that pa has the worker', () => ask(stable, 'isWorked?project=pa'));
  }, 300_000);
  afterAll(async () => {
    if (stable) await ask(stable, 'clean');
    await Promise.all(started.map((app) => app.stop()));
  });

  it.each([...['add', 'addBulk', 'delayed', 'retried', 'flow', 'scheduled', 'byId']])(
    'gives each job to its own project’s worker, else to stable’s, with the mark either way: %s',
    async (how) => {
      const asked = [
        { app: stable, as: undefined, project: undefined },
        { app: stable, as: 'pa', project: 'pa' as const },
        { app: stable, as: 'pb', project: 'pb' as const },
        { app: webOfA, as: 'pa', project: 'pa' as const },
        { app: webOfA, as: undefined, project: 'pa' as const },
        { app: webOfB, as: 'pb', project: 'pb' as const },
        { app: webOfB, as: undefined, project: 'pb' as const },
      ];
      // The scheduler of an app and project is one, whoever asks for it.
      const rounds = how === 'scheduled' ? 1 : 12;
      const all = Array.from({ length: rounds }, () => asked).flat();
      const got = await Promise.all(all.map(({ app, as }) => ask(app, how, as)));
      const one = ({ project }: (typeof all)[number]) => expected(project);
      expect(got).toEqual(all.map((each) => (how === 'flow' ? { ...one(each), children: [one(each)] } : one(each))));
    },
  );

  it('counts for a project what is its own', async () => {
    const before = await ask(stable, 'counts');
    const own = await ask(webOfA, 'counts');
    await ask(webOfA, 'add');
    expect((await ask(webOfA, 'counts')).completed).toBe(own.completed + 1);
    expect((await ask(stable, 'counts', 'pa')).completed).toBe(own.completed + 1);
    expect(await ask(stable, 'counts')).toEqual(before);
  });

  it('a job whose worker is killed is worked by the project’s next one; meanwhile the process says that it is busy', async () => {
    const killAll = () => Promise.all(workersOfA.map((app) => app.stop())); // by kill -9
    await killAll();
    const first = await startWorkerOfA('pa');
    const { id } = await ask(webOfA, 'hang?until=pa-again');
    await until('it is worked', async () => (await ask(webOfA, 'counts')).active === 1);
    await until('it says that it is busy', () => isBusy(first));
    await until('stable has nothing to do', async () => !(await isBusy(stable)));
    await killAll();
    expect(await isBusy(first)).toBe(false);
    await startWorkerOfA('pa-again');
    expect(await ask(webOfA, `await?id=${id}`)).toEqual({ by: 'pa-again', mark: 'berth-env=pa' });
  });

  it('adds to the base’s queue when who works what cannot be read', async () => {
    const broken = await start({ worker: 'stable', database: 8 });
    await ask(broken, 'breakRegistry');
    expect(await ask(broken, 'add', 'pa')).toEqual({ by: 'stable', mark: 'berth-env=pa' });
    expect(await ask(broken, 'flow', 'pa')).toMatchObject({ by: 'stable', children: [{ mark: 'berth-env=pa' }] });
    await ask(broken, 'clean');
  });
});
