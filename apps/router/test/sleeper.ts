import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../../packages/daemon/test/until.js';
import type { startRouter } from './test-router.js';

/** With NEXT its answer ends with that of this service, which it calls by the internal router as long as nobody only looks at its health. */
const source = `
const http = require('node:http');
const { NEXT, ROUTER_PORT, OWN_PORT } = process.env;
const askNext = (done) => http.get({ port: ROUTER_PORT, host: '127.0.0.1', headers: { host: NEXT + '.internal' }, agent: false }, (answer) => {
  let text = ' > ' + answer.statusCode + ' ';
  answer.on('data', (chunk) => { text += chunk; }).on('end', () => done(text));
});
const server = http.createServer((request, response) => {
  const hash = require('node:crypto').createHash('sha1');
  request.on('data', (chunk) => hash.update(chunk)).on('end', () => {
    const own = request.method + ' ' + hash.digest('hex');
    if (NEXT && request.headers['user-agent'] !== 'berth-health') askNext((rest) => response.end(own + rest));
    else response.end(own);
  });
});
server.on('upgrade', (request, socket) => {
  socket.on('error', () => {}).on('end', () => socket.end()).write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\\r\\n\\r\\n');
  socket.on('data', (chunk) => socket.write('echo:' + chunk));
});
server.listen(Number(OWN_PORT ?? 0), () => console.log(server.address().port));
`;

/** An app in a process of its own, which SIGSTOP freezes as the freezer does: its kernel goes on accepting connections. */
export async function startSleeper(
  chain: { next?: string | undefined; routerPort?: number; port?: number } = {},
): Promise<{ port: number; child: ChildProcess }> {
  const env = {
    ...process.env,
    ...(chain.next !== undefined && { NEXT: chain.next, ROUTER_PORT: String(chain.routerPort) }),
    ...(chain.port !== undefined && { OWN_PORT: String(chain.port) }),
  };
  const child = spawn(process.execPath, ['-e', source], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { port: Number(line), child };
}

/** Who is asked by the gate: answers each slot by `onWake`, and counts. */
export async function startWaker(port: number, onWake: (slot: string) => Promise<string>) {
  const sockets = new Set<Socket>();
  const asked: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}));
    socket.once('data', async (text) => {
      const whom = String(text).trim().split(' ')[1] ?? '';
      asked.push(whom);
      socket.end(`${await onWake(whom.split(':')[0] ?? '')}\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    asked,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Router = Awaited<ReturnType<typeof startRouter>>;

/**
 * What a releaser does with one app: fall asleep, as apps/releaser/src/sleep/fall-asleep.ts does it, and wake, by `thaw` unless it only
 * goes on.
 */
export function sleepsAndWakes(
  router: Router,
  { appId, child, thaw }: { appId: string; child: ChildProcess; thaw?: () => Promise<void> },
) {
  const { source } = router;
  const route = () => source.route(appId);
  let wakes = 0;
  let waking: Promise<void> | undefined;
  const setGate = (gate: 'closed' | 'watched') => {
    const backend = [...source.backends.values()].find(
      (one) => one.appId === appId && one.rolloutId === route().rolloutId,
    );
    if (backend) backend.isAsleep = gate === 'closed';
    source.change(appId, { gate });
  };
  const isApplied = () => route().appliedVersion === route().version;
  const quiet = async () => {
    const before = wakes;
    await until('nothing is on its way', () => isApplied() || wakes > before, 300, 5);
    return wakes === before;
  };
  const wake = async () => {
    wakes++;
    if (thaw) await thaw();
    else child.kill('SIGCONT');
    setGate('watched');
  };
  return {
    get isAsleep() {
      return route().gate === 'closed';
    },
    /** False: somebody needed it meanwhile. */
    fallAsleep: async (): Promise<boolean> => {
      const before = wakes;
      setGate('closed');
      try {
        if (await quiet()) {
          child.kill('SIGSTOP');
          await sleep(1);
          source.change(appId, {});
          if ((await quiet()) && wakes === before) return true;
        }
      } catch {
        // a request is open
      }
      await wake();
      return false;
    },
    wake: () => {
      waking ??= wake().finally(() => {
        waking = undefined;
      });
      return waking;
    },
  };
}
