import { randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { publicError, UserError } from '@berth/domain/errors';
import type { CredentialActor } from '@berth/platform/auth/require-credential';
import { askShell } from '@berth/platform/shells/ask-shell';
import ssh2, { type SFTPWrapper } from 'ssh2';
import type { Parts } from '../parts.js';
import { connectShell, type Shell } from './connect-shell.js';
import { readMarked } from './marked-output.js';
import type { ShellTarget } from './parse-login.js';
import { RecentBytes } from './recent-bytes.js';
import { untilTaken } from './until-taken.js';

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;

/** Largest file, bytes, and the longest that its copy takes, ms. */
const sizeMax = 1024 ** 3;
const copyMs = 3_600_000;
/** Longest name, characters. */
const nameMax = 1_000;
/** Of one answer, bytes, whatever is asked for. */
const chunkMax = 256 * 1024;
/** Requests that wait for their answer; clients have 64 under way. */
const waitingMax = 256;
/** What there is of SFTP beside what is served; ssh2 would answer it without waiting for the client to take answers. */
const others = [
  ...['WRITE', 'SETSTAT', 'FSETSTAT', 'REMOVE', 'MKDIR', 'RMDIR', 'RENAME', 'SYMLINK'],
  ...['STAT', 'LSTAT', 'OPENDIR', 'READDIR', 'REALPATH', 'READLINK', 'EXTENDED'],
];

/** Prints the file's size, and as many of its bytes; its name is a variable, so that nothing in it is the shell's. */
const readFile = `f=$BERTH_FILE
[ -e "$f" ] || { echo "There is no file $f." >&2; exit 1; }
[ -f "$f" ] || { echo "$f is no file: tar in a shell copies folders." >&2; exit 1; }
n=$(wc -c <"$f") || exit 1
echo "$BERTH_MARK $((n))"
exec head -c "$((n))" <"$f"`;

interface OpenFile {
  shell: Shell;
  bytes: RecentBytes;
  size: number;
}

/**
 * What `heroku ps:copy` needs of SFTP: one file at a time, read from its beginning to its end, as a command beside the process prints
 * it. Anything else of that protocol (other clients' lists, writing, reading at places) is refused.
 */
export function serveFiles(
  parts: Parts,
  { actor, target, gone }: { actor: CredentialActor; target: ShellTarget; gone: AbortSignal },
  sftp: SFTPWrapper,
): void {
  let file: OpenFile | undefined;
  let isOver = gone.aborted;
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve(); // answers come in the order of what was asked
  const close = () => {
    file?.shell.close();
    file = undefined;
  };
  const end = () => {
    isOver = true;
    close();
  };
  gone.addEventListener('abort', end, { once: true });
  sftp.on('close', end);
  const inTurn = (request: number, answer: () => Promise<void> | void) => {
    if (isOver) return;
    waiting += 1;
    if (waiting > waitingMax) {
      end();
      sftp.end();
      return;
    }
    const answerWhenTaken = async () => {
      await untilTaken(sftp, () => isOver);
      if (!isOver) await answer();
      waiting -= 1;
    };
    turn = turn.then(answerWhenTaken).catch((error: unknown) => {
      waiting -= 1;
      answerError(parts, sftp, request, error);
    });
  };
  const opened = () => {
    if (!file) throw new UserError('bad_request', 'No file is open.');
    return file;
  };
  sftp.on('OPEN', (request, name, flags) =>
    inTurn(request, async () => {
      if (flags !== OPEN_MODE.READ) throw new UserError('unsupported', 'Files are copied from an app, not into one.');
      if (file) throw new UserError('unsupported', 'One file is copied at a time.');
      file = await openFile(parts, { actor, target, name });
      if (isOver) return close(); // it was not there yet when the channel ended
      sftp.handle(request, Buffer.from('file'));
    }),
  );
  sftp.on('FSTAT', (request) =>
    inTurn(request, () =>
      sftp.attrs(request, { mode: 0o100644, uid: 0, gid: 0, atime: 0, mtime: 0, size: opened().size }),
    ),
  );
  sftp.on('READ', (request, _handle, offset, length) =>
    inTurn(request, async () => {
      const from = opened();
      if (offset >= from.size) return void sftp.status(request, STATUS_CODE.EOF);
      const wanted = Math.min(length, chunkMax, from.size - offset);
      const data = await from.bytes.read(offset, wanted);
      if (!data) throw new UserError('unsupported', 'A file is read from its beginning to its end.');
      if (data.length < wanted) throw new UserError('conflict', 'The file became shorter, or its process ended.');
      sftp.data(request, data);
    }),
  );
  sftp.on('CLOSE', (request) =>
    inTurn(request, () => {
      close();
      sftp.status(request, STATUS_CODE.OK);
    }),
  );
  const refuse = (request: number) => inTurn(request, () => void sftp.status(request, STATUS_CODE.OP_UNSUPPORTED));
  for (const other of others) (sftp as EventEmitter).on(other, refuse);
}

function answerError(parts: Parts, sftp: SFTPWrapper, request: number, error: unknown): void {
  const id = `err_${randomUUID()}`;
  if (!(error instanceof UserError)) parts.logger.warn({ err: error, id }, 'sftp');
  sftp.status(request, STATUS_CODE.FAILURE, publicError(error, id).message);
}

async function openFile(
  parts: Parts,
  { actor, target, name }: { actor: CredentialActor; target: ShellTarget; name: string },
): Promise<OpenFile> {
  if (name.length > nameMax) throw new UserError('too_large', `A file's name has ${nameMax} characters at the most.`);
  const opened = `File ${JSON.stringify(name)} read`; // as one line, whatever is in its name
  const { ticket } = await askShell(parts.platform, { actor, ...target, opened });
  const mark = randomUUID();
  const shell = await connectShell(parts.config.BERTH_SHELL_URL, ticket, {
    ...{ command: readFile, tty: false, columns: 0, lines: 0 },
    env: { BERTH_FILE: name, BERTH_MARK: mark },
  });
  const late = setTimeout(shell.close, copyMs);
  shell.stream.on('close', () => clearTimeout(late));
  try {
    const output = await readMarked(shell, mark, 'The file can’t be read.');
    const size = Number(output.line);
    if (!(size <= sizeMax)) throw new UserError('too_large', 'A file of 1 GiB at the most is copied so.');
    return { shell, bytes: new RecentBytes(output), size };
  } catch (error) {
    shell.close();
    throw error;
  }
}
