import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { UserError } from '@berth/domain/errors';
import type { CredentialActor } from '@berth/platform/auth/require-credential';
import { askShell } from '@berth/platform/shells/ask-shell';
import type { ServerChannel } from 'ssh2';
import type { Parts } from '../parts.js';
import { connectShell, type Shell } from './connect-shell.js';
import { readMarked } from './marked-output.js';
import type { ShellTarget } from './parse-login.js';

/** A client that has said all of its own waits this long for more of the app's, ms: a closed local port is no more than that. */
const silentMs = 10_000;

/** Bytes between stdin and stdout and a port, beside the process: an app may listen at 127.0.0.1 alone. */
const relay = `if command -v bash >/dev/null 2>&1; then
  exec bash -c 'exec 4<&0; exec 3<>"/dev/tcp/$BERTH_HOST/$BERTH_PORT" || exit 1; echo "$BERTH_MARK"; cat <&4 >&3 & cat <&3; kill $! 2>/dev/null'
fi
command -v nc >/dev/null 2>&1 || { echo "This image has neither bash nor nc, which forward ports." >&2; exit 1; }
echo "$BERTH_MARK"; exec nc "$BERTH_HOST" "$BERTH_PORT"`;

export interface ForwardedPort {
  actor: CredentialActor;
  target: ShellTarget;
  /** As the process's container knows it. */
  host: string;
  port: number;
  /** Aborted when the client is. */
  gone: AbortSignal;
}

/** A connection from beside a process of an app. UserError when it may not be, or nobody listens there. */
export async function forwardPort(parts: Parts, wanted: ForwardedPort, accept: () => ServerChannel): Promise<void> {
  const { actor, target, port, gone } = wanted;
  const host = hostOf(wanted.host);
  const { ticket } = await askShell(parts.platform, { actor, ...target, opened: `Port ${port} of ${host} opened` });
  const mark = randomUUID();
  const shell = await connectShell(parts.config.BERTH_SHELL_URL, ticket, {
    ...{ command: relay, tty: false, columns: 0, lines: 0 },
    env: { BERTH_HOST: host, BERTH_PORT: String(port), BERTH_MARK: mark },
  });
  gone.addEventListener('abort', shell.close, { once: true });
  try {
    const output = await readMarked(shell, mark, `Nobody listens at port ${port} of ${host}.`);
    if (gone.aborted) return;
    await carry(shell, output.rest(), accept());
  } finally {
    gone.removeEventListener('abort', shell.close);
    shell.close();
  }
}

/** `0.0.0.0` is what Heroku's CLI says for the process's own container. */
function hostOf(host: string): string {
  if (['0.0.0.0', '::', 'localhost', ''].includes(host)) return '127.0.0.1';
  if (/^[a-z0-9:._-]{1,255}$/i.test(host)) return host;
  throw new UserError('invalid_params', 'This is no name of a host.');
}

/** Until the app's side ends, or the client is gone, or has ended its own side and nothing comes any more. */
async function carry(shell: Shell, from: AsyncGenerator<Buffer>, channel: ServerChannel): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const waitForMore = () => {
    clearTimeout(late);
    late = setTimeout(shell.close, silentMs);
  };
  let isHeard = false;
  channel.on('error', shell.close).on('close', shell.close);
  channel.on('end', () => {
    isHeard = true;
    waitForMore();
  });
  channel.pipe(shell.stream);
  try {
    for await (const chunk of from) {
      if (isHeard) waitForMore();
      if (!channel.write(chunk)) await Promise.race([once(channel, 'drain'), once(channel, 'close')]);
    }
  } catch {
    // it was closed, by either side
  } finally {
    clearTimeout(late);
    channel.end();
    channel.close();
  }
}
