import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { api, remoteOf } from './berth.mjs';

const rollouts = 20;
/** Requests per second in all; half keep-alive, half on new connections. */
const rate = 320;

/** Bar 4: nothing fails during rollouts under load, with a long request and a WebSocket across each switch. */
export async function benchLoad({ appsPort }) {
  const name = `load-${Date.now().toString(36)}`;
  const target = { port: appsPort, host: `${name}.localhost` };
  await api('POST', '/apps', { name });
  try {
    pushApp(name);
    const counts = { sent: 0, failed: [], long: 0, webSockets: 0 };
    const stop = startLoad(target, counts);
    for (let run = 0; run < rollouts; run++) {
      const long = ask(target, '/long', undefined, counts).then(() => (counts.long += 1));
      const socket = await openWebSocket(target);
      await api('PATCH', `/apps/${name}/config-vars`, { ROUND: String(run) });
      await untilReleased(name);
      if ((await socket.echo(`round ${run}`)) === `round ${run}`) counts.webSockets += 1;
      else counts.failed.push(`WebSocket of round ${run} was cut before its grace`);
      socket.close();
      await long;
      process.stdout.write('.');
    }
    await stop();
    process.stdout.write('\n');
    const table = `| rollouts | requests | failed | long requests | WebSockets alive across the switch |\n|---|---|---|---|---|\n| ${rollouts} | ${counts.sent} | ${counts.failed.length} | ${counts.long} | ${counts.webSockets} |`;
    return { table, failed: counts.failed };
  } finally {
    await api('DELETE', `/apps/${name}`).catch(() => {});
  }
}

function pushApp(name) {
  const folder = mkdtempSync(join(tmpdir(), 'berth-load-'));
  cpSync(fileURLToPath(new URL('./load-app', import.meta.url)), folder, { recursive: true });
  const git = (...argv) => execFileSync('git', argv, { cwd: folder, stdio: 'ignore' });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '-qm', 'load');
  git('push', '-q', remoteOf(name), 'HEAD:main');
  rmSync(folder, { recursive: true, force: true });
}

function startLoad(target, counts) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const open = new Set();
  const timer = setInterval(() => {
    for (let i = 0; i < rate / 50; i++) {
      const one = ask(target, '/', i % 2 ? agent : undefined, counts);
      open.add(one);
      one.finally(() => open.delete(one));
    }
  }, 20);
  return async () => {
    clearInterval(timer);
    await Promise.allSettled(open);
    agent.destroy();
  };
}

function ask(target, path, agent, counts) {
  counts.sent += 1;
  return new Promise((resolve) => {
    const fail = (why) => {
      counts.failed.push(`${path}: ${why}`);
      resolve();
    };
    const asked = request(
      {
        host: '127.0.0.1',
        port: target.port,
        path,
        headers: { host: target.host },
        agent: agent ?? false,
        timeout: 20_000,
      },
      (response) => {
        response.resume();
        response.on('end', () => (response.statusCode === 200 ? resolve() : fail(`status ${response.statusCode}`)));
        response.on('error', (error) => fail(error.message));
      },
    );
    asked.on('error', (error) => fail(error.message));
    asked.on('timeout', () => asked.destroy(new Error('timeout')));
    asked.end();
  });
}

async function untilReleased(name) {
  for (;;) {
    const [release] = await api('GET', `/apps/${name}/releases`, undefined, { range: 'version ..; order=desc,max=1' });
    if (release.status === 'succeeded') return;
    if (release.status === 'failed') throw new Error(`release v${release.version} failed`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function openWebSocket(target) {
  return new Promise((resolve, reject) => {
    const socket = connect(target.port, '127.0.0.1');
    let onData;
    socket.on('error', reject);
    socket.on('data', (data) => onData?.(data));
    onData = (data) => {
      if (!String(data).startsWith('HTTP/1.1 101')) return reject(new Error(String(data).split('\r\n')[0]));
      resolve({
        echo: (text) =>
          new Promise((answer) => {
            onData = (frame) => answer(String(frame.subarray(2)));
            socket.once('close', () => answer(''));
            const mask = Buffer.from([1, 2, 3, 4]);
            const body = Buffer.from(Buffer.from(text).map((byte, i) => byte ^ mask[i % 4]));
            socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | body.length]), mask, body]));
          }),
        close: () => socket.destroy(),
      });
    };
    socket.write(
      `GET / HTTP/1.1\r\nHost: ${target.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.from('berth-bench-16by').toString('base64')}\r\n\r\n`,
    );
  });
}
