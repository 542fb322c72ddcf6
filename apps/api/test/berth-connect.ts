import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';

const cli = new URL('../../cli/bin/berth.js', import.meta.url).pathname;

/** `berth connect …` as a real process; resolves when it prints its addresses, or has ended. */
export async function berthConnect({ url, token }: { url: string; token: string }, ...args: string[]) {
  const env = { ...process.env, BERTH_API_URL: url, BERTH_API_KEY: token };
  const child = spawn(process.execPath, [cli, 'connect', ...args, '--env'], { env });
  const said = { out: '', err: '' };
  child.stdout.on('data', (part) => {
    said.out += part;
  });
  child.stderr.on('data', (part) => {
    said.err += part;
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const isUp = async () => {
    while (!said.out.includes('no_proxy=')) await once(child.stdout, 'data');
  };
  const code = await Promise.race([isUp().then(() => undefined), exited]);
  const urlOf = (name: string) => new RegExp(`^export ${name}='(.*)'$`, 'm').exec(said.out)?.[1] ?? '';
  return {
    child,
    said,
    /** Of one that ended before it was connected. */
    code,
    exited,
    urlOf,
    /** A request by the proxy, as HTTP_PROXY makes programs send it. */
    get: async (address: string, headers: Record<string, string> = {}) => {
      const { port } = new URL(urlOf('HTTP_PROXY'));
      const to = { host: '127.0.0.1', port, path: address, headers: { host: new URL(address).host, ...headers } };
      const sent = request({ ...to, agent: false }).end();
      const [answer] = await once(sent, 'response');
      return { status: answer.statusCode as number, headers: answer.headers, text: await text(answer) };
    },
  };
}
