import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from 'node:http2';
import { type ErrorCode, TransientError, UserError } from '@berth/domain/errors';
import type { ShellRequest } from '@berth/domain/shell-port';

/** A shell in an instance; apps/releaser is at the other end. */
export interface Shell {
  /** stdin and stdout. */
  stream: ClientHttp2Stream;
  stderr: ClientHttp2Stream;
  resize: (columns: number, lines: number) => void;
  /** The command's exit code; rejects when the connection was lost. */
  exit: Promise<number>;
  /** Ends it, and what runs in it. */
  close: () => void;
}

/**
 * Opens the shell that a ticket allows (domain/shell-port). Rejects with the releaser's sentence, and in another way when it
 * does not answer.
 */
export async function connectShell(url: string, ticket: string, request: ShellRequest): Promise<Shell> {
  const session = connect(url);
  session.on('error', () => {}); // each stream says it
  const ask = (method: string, path: string, headers: OutgoingHttpHeaders = {}) => {
    const stream = session.request({ ':method': method, ':path': path, ...headers }, { endStream: method !== 'POST' });
    stream.on('error', () => {});
    return stream;
  };
  try {
    const stream = ask('POST', '/shell', { authorization: ticket, 'berth-shell': headerOf(request) });
    const status = await statusOf(session, stream);
    if (status !== 200) throw await refusalOf(stream);
    const stderr = ask('GET', '/stderr');
    const exit = exitOf(session, ask('GET', '/exit'));
    exit.catch(() => {}); // who awaits it hears of it
    return {
      stream,
      stderr,
      resize: (columns, lines) => {
        if (!session.closed && !session.destroyed) ask('PUT', `/size?columns=${columns}&lines=${lines}`).resume();
      },
      exit,
      close: () => session.destroy(),
    };
  } catch (error) {
    session.destroy();
    throw error;
  }
}

async function exitOf(session: ClientHttp2Session, ended: ClientHttp2Stream): Promise<number> {
  if ((await statusOf(session, ended)) !== 200) throw await refusalOf(ended);
  return ((await readJson(ended)) as { exitCode: number }).exitCode;
}

/** Header values are ASCII. */
const headerOf = (request: ShellRequest) =>
  JSON.stringify(request).replace(
    /[\u007f-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

async function statusOf(session: ClientHttp2Session, stream: ClientHttp2Stream): Promise<number> {
  const lost = once(session, 'close').then(() => {
    throw new TransientError('the releaser went away');
  });
  const closed = once(stream, 'close').then(() => {
    throw new TransientError('the releaser did not answer');
  });
  const answered = once(stream, 'response').then(([headers]) => Number(headers[':status']));
  return await Promise.race([answered, lost, closed]);
}

async function refusalOf(stream: ClientHttp2Stream): Promise<Error> {
  const { code, message } = (await readJson(stream)) as { code: ErrorCode | 'internal'; message: string };
  return code === 'internal' ? new Error(message) : new UserError(code, message);
}

async function readJson(stream: ClientHttp2Stream): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}
