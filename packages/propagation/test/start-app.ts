import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const files = (path: string) => fileURLToPath(new URL(path, import.meta.url));
export const propagator = files('../files/node/propagate.cjs');

export interface App {
  port: number;
  grpcPort: number;
  process: ChildProcess;
  stop: () => Promise<void>;
}

/** Starts test/apps/<name> under a Node.js, with the propagator before it unless `preload` is false. */
export async function startApp(
  node: string,
  name: string,
  { preload = true, env = {} }: { preload?: boolean; env?: Record<string, string> } = {},
): Promise<App> {
  const options = [...(preload ? [propagator] : []), files('apps/names.cjs')].map((file) => `--require=${file}`);
  const child = spawn(node, [files(`apps/${name}`)], {
    env: { ...process.env, NODE_OPTIONS: options.join(' '), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return {
    ...JSON.parse(line),
    process: child,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

export interface Call {
  path: string;
  baggage?: string | undefined;
  method?: string;
  agent?: Agent;
  /** The body's second part is sent so long after its first, ms. */
  lateMs?: number;
}

/** One request, and its answer's text. */
export function call(port: number, { path, baggage, method = 'GET', agent, lateMs }: Call): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = baggage === undefined ? {} : { baggage };
    const asked = request({ port, host: '127.0.0.1', path, method, headers, ...(agent && { agent }) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
    });
    asked.on('error', reject);
    if (method !== 'POST') return asked.end();
    asked.write('first');
    setTimeout(() => asked.end('last'), lateMs ?? 0);
  });
}
