import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { sleepsAndWakes, startSleeper, startWaker } from './sleeper.js';
import { startRouter } from './test-router.js';

/** web → orders → users, one after the other by the internal router: each is asleep when the one before calls it. */
const chain: [service: string, next?: string][] = [['web', 'orders'], ['orders', 'users'], ['users']];

let router: Awaited<ReturnType<typeof startRouter>>;
let waker: Awaited<ReturnType<typeof startWaker>>;
const apps = new Map<string, ReturnType<typeof sleepsAndWakes>>();
const children: Awaited<ReturnType<typeof startSleeper>>['child'][] = [];
/** Of users: its process, killed while it sleeps, and started again by its wake. */
let users: Awaited<ReturnType<typeof startSleeper>>;

beforeAll(async () => {
  router = await startRouter();
  const routerPort = router.settings.internal.port;
  router.source.addEnvironment('chain', { subnet: '127.0.0.0/8' });
  for (const [service, next] of chain) {
    const started = await startSleeper({ next, routerPort });
    const { child, port } = started;
    children.push(child);
    router.source.addApp(service, { environmentId: 'chain', service });
    await router.deploy(service, `${service}1`, [port]);
    if (service === 'users') users = started;
    const startAgain = async () => {
      users = users.child.killed ? await startSleeper({ port }) : users;
    };
    apps.set(
      service,
      sleepsAndWakes(router, { appId: service, child, ...(service === 'users' && { thaw: startAgain }) }),
    );
  }
  waker = await startWaker(router.settings.wake.port, async (slot) => {
    const backend = [...router.source.backends.values()].find((one) => one.slot === slot);
    await apps.get(backend!.appId)!.wake();
    return `OK ${slot}`;
  });
});
afterAll(async () => {
  for (const child of [...children, users?.child]) child?.kill('SIGKILL');
  await waker?.stop();
  await router.stop();
});

test('a chain of three wakes as it is called, two of them frozen, the last one stopped', async () => {
  for (const [service, app] of apps) await until(`${service} sleeps`, () => app.fallAsleep());
  const ended = once(users.child, 'exit');
  users.child.kill('SIGKILL');
  await ended;
  waker.asked.length = 0;

  const own = `GET ${createHash('sha1').digest('hex')}`;
  const answer = await router.get('web.localhost');
  expect(answer).toMatchObject({ status: 200, text: `${own} > 200 ${own} > 200 ${own}` });
  expect(waker.asked.map((whom) => whom.split(':')[1])).toEqual(['web', 'orders', 'users']);
  expect([...apps.values()].map(({ isAsleep }) => isAsleep)).toEqual([false, false, false]);
});
