import { finished } from 'node:stream/promises';
import { UserError } from '@berth/domain/errors';
import type { CredentialActor } from '@berth/platform/auth/require-credential';
import { askShell } from '@berth/platform/shells/ask-shell';
import type { ServerChannel, Session } from 'ssh2';
import type { Parts } from '../parts.js';
import { connectShell, type Shell } from './connect-shell.js';
import type { ShellTarget } from './parse-login.js';

/** Longest command, characters. */
const commandMax = 20_000;

/** As OpenSSH's own for a connection that was lost. */
const lostCode = 255;

/** The terminal that a client asked for before its shell or command (RFC 4254, section 6.2), as it is now. */
export interface SshTerminal {
  term: string;
  columns: number;
  lines: number;
  /** Set while there is a shell. */
  onResize?: (columns: number, lines: number) => void;
}

/** Takes up what the client says of its terminal; the answer is filled once it has said so. */
export function watchTerminal(session: Session): { terminal: SshTerminal | undefined } {
  const watched: { terminal: SshTerminal | undefined } = { terminal: undefined };
  session.on('pty', (accept, _reject, { cols, rows, term }) => {
    watched.terminal = { columns: cols, lines: rows, term: (term ?? 'dumb').slice(0, 100) };
    accept?.();
  });
  session.on('window-change', (accept, _reject, { cols, rows }) => {
    const { terminal } = watched;
    if (terminal) {
      Object.assign(terminal, { columns: cols, lines: rows });
      terminal.onResize?.(cols, rows);
    }
    accept?.();
  });
  return watched;
}

/** A shell, or a command, beside a process of an app. The exit code of the command. UserError when it may not be, or nothing runs. */
export async function serveShell(
  parts: Parts,
  asked: {
    actor: CredentialActor;
    target: ShellTarget;
    command: string | undefined;
    terminal: SshTerminal | undefined;
    gone: AbortSignal;
  },
  channel: ServerChannel,
): Promise<number> {
  const { actor, target, command, terminal, gone } = asked;
  if (command !== undefined && command.length > commandMax)
    throw new UserError(
      'too_large',
      `A command has ${commandMax} characters at the most: send a script by stdin (sh -s).`,
    );
  const { ticket } = await askShell(parts.platform, { actor, ...target });
  const shell = await connectShell(parts.config.BERTH_SHELL_URL, ticket, {
    command,
    tty: terminal !== undefined,
    env: terminal ? { TERM: terminal.term } : {},
    columns: terminal?.columns ?? 0,
    lines: terminal?.lines ?? 0,
  });
  channel.on('close', shell.close);
  gone.addEventListener('abort', shell.close, { once: true });
  if (channel.destroyed || gone.aborted) shell.close();
  if (terminal) terminal.onResize = shell.resize;
  try {
    return await connect(shell, channel);
  } catch (error) {
    if (channel.destroyed || gone.aborted) return lostCode; // nobody is there to be told
    if (error instanceof UserError) throw error;
    const sentence = 'The shell was lost: its process was replaced or ended, or Berth was restarted.';
    throw new UserError('conflict', sentence, { cause: error });
  } finally {
    shell.close();
  }
}

/** Until the command has ended and the client has all of its output. */
async function connect({ stream, stderr, exit }: Shell, channel: ServerChannel): Promise<number> {
  channel.pipe(stream);
  stream.pipe(channel, { end: false });
  stderr.pipe(channel.stderr, { end: false });
  const [exitCode] = await Promise.all([
    exit,
    finished(stream, { writable: false }),
    finished(stderr, { writable: false }),
  ]);
  return exitCode;
}
