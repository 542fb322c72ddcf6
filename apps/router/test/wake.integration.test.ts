import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect as connectH2 } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { quickest } from '../../../packages/daemon/test/quickest.js';
import { until } from '../../../packages/daemon/test/until.js';
import { startLoad } from './load.js';
import { request } from './request.js';
import { sleepsAndWakes, startSleeper, startWaker } from './sleeper.js';
import { openTunnel } from './socket.js';
import { startRouter } from './test-router.js';

const host = 'sleeper.localhost';
const wakeMs = 150;
let router: Awaited<ReturnType<typeof startRouter>>;
let waker: Awaited<ReturnType<typeof startWaker>>;
let app: ReturnType<typeof sleepsAndWakes>;
let child: Awaited<ReturnType<typeof startSleeper>>['child'];
let onWake: (slot: string) => Promise<string>;

const wakeIt = async (slot: string) => {
  await sleep(wakeMs);
  await app.wake();
  return `OK ${slot}`;
};

beforeAll(async () => {
  router = await startRouter();
  const sleeper = await startSleeper();
  child = sleeper.child;
  await router.deploy('sleeper', 'sleeper1', [sleeper.port]);
  app = sleepsAndWakes(router, { appId: 'sleeper', child });
  waker = await startWaker(router.settings.wake.port, (slot) => onWake(slot));
});
afterAll(async () => {
  child.kill('SIGKILL');
  await waker.stop();
  await router.stop();
});
beforeEach(async () => {
  onWake = wakeIt;
  await until('it sleeps', () => app.fallAsleep());
  waker.asked.length = 0;
});

const sha1 = (body: Buffer) => createHash('sha1').update(body).digest('hex');
const post = (bytes: number) => {
  const body = Buffer.alloc(bytes, 'x');
  return { sent: request(router.settings.appsPort, host, { method: 'POST', body }), text: `POST ${sha1(body)}` };
};

test('a GET is held until the app is awake, and the next one goes straight to it', async () => {
  const askAsleep = async () => {
    const begun = performance.now();
    expect(await router.get(host)).toMatchObject({ status: 200, text: `GET ${sha1(Buffer.alloc(0))}` });
    return performance.now() - begun;
  };
  expect(await askAsleep()).toBeGreaterThan(wakeMs);
  expect(waker.asked).toEqual([`${router.source.backends.get('sleeper1')?.slot}:sleeper`]);
  await until(
    'its gate is open',
    () => router.source.route('sleeper').appliedVersion === router.source.route('sleeper').version,
  );
  expect((await router.get(host)).status).toBe(200);
  expect(waker.asked).toHaveLength(1);
  const again = async () => {
    await until('it sleeps', () => app.fallAsleep());
    return askAsleep();
  };
  expect(await quickest(wakeMs + 200, again)).toBeLessThan(wakeMs + 200);
});

test.each([100, 100_000, 5_000_000])('a POST of %i bytes arrives whole', async (bytes) => {
  const { sent, text } = post(bytes);
  expect(await sent).toMatchObject({ status: 200, text });
});

test('a chunked POST in slow pieces, with Expect: 100-continue, arrives whole', async () => {
  const piece = Buffer.alloc(20_000, 'y');
  const answer = new Promise<string>((resolve, reject) => {
    const sent = httpRequest(
      { port: router.settings.appsPort, method: 'POST', headers: { host, expect: '100-continue' } },
      (response) => response.setEncoding('utf8').on('data', resolve),
    ).on('error', reject);
    sent.on('continue', async () => {
      for (let i = 0; i < 5; i++) {
        sent.write(piece);
        await sleep(20);
      }
      sent.end();
    });
  });
  expect(await answer).toBe(`POST ${sha1(Buffer.concat(Array(5).fill(piece)))}`);
});

test('a WebSocket opens and echoes', async () => {
  const tunnel = await openTunnel(router.settings.appsPort, host);
  expect(tunnel.status).toBe(101);
  expect(await tunnel.say('hello')).toBe('echo:hello');
  tunnel.close();
});

test('streams of HTTP/2 are all answered', async () => {
  const session = connectH2(`http://127.0.0.1:${router.settings.appsPort}`);
  const ask = () =>
    new Promise<number>((resolve, reject) => {
      const stream = session.request({ ':path': '/', ':authority': host });
      stream.on('response', (headers) => resolve(Number(headers[':status']))).on('error', reject);
      stream.resume();
    });
  expect(await Promise.all(Array.from({ length: 20 }, ask))).toEqual(Array(20).fill(200));
  session.close();
});

test('200 clients at once are all answered', async () => {
  const asks = Array.from({ length: 200 }, (_, i) => (i % 4 === 0 ? post(10_000).sent : router.get(host)));
  const answers = await Promise.all(asks);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(200);
});

test('an internal call wakes too', async () => {
  router.source.change('sleeper', { environmentId: 'sleepers' });
  router.source.environments.set('sleepers', {
    ...{ id: 'sleepers', name: 'sleepers', teamId: 'team', baseId: null, subnet: '127.0.0.0/8' },
  });
  router.source.onChange();
  await until(
    'applied',
    () => router.source.route('sleeper').appliedVersion === router.source.route('sleeper').version,
  );
  await until('it answers inside', async () => {
    const answer = await request(router.settings.internal.port, 'sleeper.internal');
    return answer.status === 200;
  });
  expect(waker.asked).toHaveLength(1);
});

test('a bot neither wakes it nor counts as a person', async () => {
  const answer = await router.get(host, { headers: { 'user-agent': 'Mozilla/5.0 (compatible; UptimeRobot/2.0)' } });
  expect(answer).toMatchObject({ status: 503 });
  expect(answer.text).toContain('This app sleeps');
  expect(waker.asked).toEqual([]);
  expect(app.isAsleep).toBe(true);
});

test('a wake that fails is a 503 in plain words, for a POST too, and the next request may wake it', async () => {
  onWake = async () => 'FAILED';
  const answers = await Promise.all([router.get(host), post(100_000).sent]);
  for (const answer of answers) {
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('This app did not wake up');
  }
  onWake = wakeIt;
  expect((await router.get(host)).status).toBe(200);
});

test('who wakes may be away for a second: requests wait for it', async () => {
  await waker.stop();
  const answer = router.get(host);
  await sleep(1_000);
  waker = await startWaker(router.settings.wake.port, (slot) => onWake(slot));
  expect((await answer).status).toBe(200);
});

test('it sleeps on through a restart of the controller and a kill of HAProxy, and wakes without a lost request', async () => {
  await router.restartController();
  await router.haproxy.kill();
  await until('HAProxy is back', async () => {
    const bot = await router.get(host, { headers: { 'user-agent': 'kube-probe/1' } }).catch(() => undefined);
    return bot?.status === 503;
  });
  await sleep(6_000); // longer than a check would wait for an answer
  expect(app.isAsleep).toBe(true);
  expect(waker.asked).toEqual([]);
  const answer = await router.get(host);
  expect(answer.text).toContain('GET ');
  expect(answer.status).toBe(200);
});

test('freezing as often as it can beside requests loses none of them', async () => {
  onWake = async (slot) => {
    await app.wake();
    return `OK ${slot}`;
  };
  const load = Array.from({ length: 3 }, (_, i) => startPausing(i));
  let freezes = 0;
  const endsAt = performance.now() + 8_000;
  while (performance.now() < endsAt) {
    if (!app.isAsleep && (await app.fallAsleep())) freezes++;
    await sleep(2);
  }
  const results = await Promise.all(load.map((stop) => stop()));
  expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  expect(freezes).toBeGreaterThan(5);
  expect(results.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(20);
});

test('a busy app is not frozen', async () => {
  onWake = async (slot) => {
    await app.wake();
    return `OK ${slot}`;
  };
  expect((await router.get(host)).status).toBe(200);
  const tunnel = await openTunnel(router.settings.appsPort, host);
  expect(await app.fallAsleep()).toBe(false);
  expect(await tunnel.say('still')).toBe('echo:still');
  tunnel.close();
  const load = startLoad(router.settings.appsPort, host, 2);
  await sleep(200);
  expect((await load.stop()).failures).toEqual([]);
});

/** GET and POST at random gaps, on connections of their own and kept ones. */
function startPausing(seed: number) {
  const result = { count: 0, failures: [] as string[] };
  let isStopped = false;
  const running = (async () => {
    for (let i = 0; !isStopped; i++) {
      await sleep(((i * 37 + seed * 13) % 120) + 5);
      try {
        const answer = i % 3 === 0 ? await post(50_000).sent : await router.get(host);
        result.count++;
        if (answer.status !== 200) result.failures.push(`${answer.status} ${answer.text.slice(0, 200)}`);
      } catch (error) {
        result.failures.push(String(error));
      }
    }
  })();
  return async () => {
    isStopped = true;
    await running;
    return result;
  };
}
