import { createHash, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Stoppable } from '@berth/daemon/run';
import { publicError, UserError } from '@berth/domain/errors';
import { findActorBySshKey } from '@berth/platform/auth/find-actor-by-ssh-key';
import { type CredentialActor, requireCredential } from '@berth/platform/auth/require-credential';
import ssh2, { type AuthContext, type Connection, type PublicKeyAuthContext, type ServerChannel } from 'ssh2';
import type { Parts } from '../parts.js';
import { receivePack } from '../push/receive-pack.js';
import { ExecPasses } from '../shell/exec-passes.js';
import { forwardPort } from '../shell/forward-port.js';
import { parseLogin, type ShellTarget } from '../shell/parse-login.js';
import { serveFiles } from '../shell/serve-file.js';
import { type SshTerminal, serveShell, watchTerminal } from '../shell/serve-shell.js';
import { openTargetWithRefs } from './open-target.js';
import { parseGitProtocol, parseSshCommand } from './parse-target.js';
import type { PushSlots } from './push-slots.js';
import type { ExecDoor } from './serve-http.js';
import { uploadPack } from './upload-pack.js';

/** Who has not signed in by then is cut off, ms. */
const signInMs = 30_000;
/** Pushes are told that we stop; who is still there after this is cut off, ms. */
const stopMs = 3_000;
/** A client is asked for a sign of life; one that vanished without a word keeps no shell open, ms. */
const aliveEachMs = 30_000;
const triesMax = 20;
const connectionsMax = 500;

/**
 * Behind a registered public key: git (`git-upload-pack` or `git-receive-pack` of one app, under any user name), and with an app's
 * name as user name a shell or a command beside one of its processes, a connection from beside it (forwarding), or a file of it. Behind
 * a pass of `heroku ps:exec` and its like only those.
 */
export async function serveSsh(
  parts: Parts,
  slots: PushSlots,
  { passes, hostKey }: ExecDoor,
): Promise<Stoppable & { port: number }> {
  const clients = new Set<Connection>();
  const alive = { keepaliveInterval: aliveEachMs, keepaliveCountMax: 3 };
  const server = new ssh2.Server({ hostKeys: [hostKey], ident: 'berth', ...alive }, (client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('error', (error: Error) => parts.logger.debug({ err: error }, 'ssh client'));
    greet(parts, slots, passes, client);
  });
  server.maxConnections = connectionsMax;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(parts.config.BERTH_GIT_SSH_PORT, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        const late = setTimeout(() => {
          for (const client of clients) client.end();
        }, stopMs);
        server.close(() => {
          clearTimeout(late);
          resolve();
        });
      }),
  };
}

function greet(parts: Parts, slots: PushSlots, passes: ExecPasses, client: Connection): void {
  let guest: Guest | undefined;
  let tries = 0;
  const late = setTimeout(() => client.end(), signInMs);
  client.on('close', () => clearTimeout(late));
  client.on('authentication', (context) => {
    tries += 1;
    if (tries > triesMax) client.end();
    else
      signIn(parts, passes, context).then(
        (found) => {
          if (isSigned(context)) guest = found; // who only asks "would this key do?" is nobody yet
          if (found) context.accept();
          else context.reject(['publickey']);
        },
        (error: unknown) => {
          parts.logger.error({ err: error }, 'ssh sign-in');
          context.reject(['publickey']);
        },
      );
  });
  const gone = new AbortController(); // also when it gives no sign of life: its channels are not closed then
  client.on('close', () => gone.abort()).on('error', () => gone.abort());
  client.on('ready', () => clearTimeout(late));
  client.on('tcpip', (accept, reject, { destIP: host, destPort: port }) => {
    if (!guest?.target) return void reject();
    forwardPort(parts, { ...guest, target: guest.target, host, port, gone: gone.signal }, accept).catch(
      (error: unknown) => {
        if (!(error instanceof UserError)) parts.logger.warn({ err: error }, 'ssh forwarding');
        reject(); // nothing, when it was accepted
      },
    );
  });
  client.on('session', (accept) => {
    let protocol: string | undefined;
    const session = accept();
    const watched = watchTerminal(session);
    session.on('env', (acceptEnv, _reject, info) => {
      if (info.key === 'GIT_PROTOCOL') protocol = parseGitProtocol(info.val);
      acceptEnv?.();
    });
    const begin = (channel: ServerChannel, command?: string) => {
      if (guest) void execute(parts, slots, { ...guest, command, protocol, gone: gone.signal, ...watched }, channel);
    };
    session.on('sftp', (acceptFiles, rejectFiles) => {
      if (guest?.target) serveFiles(parts, { ...guest, target: guest.target, gone: gone.signal }, acceptFiles());
      else rejectFiles?.();
    });
    session.on('shell', (acceptShell) => begin(acceptShell()));
    session.on('exec', (acceptExec, _reject, info) => begin(acceptExec(), info.command));
  });
}

const noShell =
  'Berth speaks git here (git push ssh://git@<host>:<port>/<app>.git), and opens shells: ssh -p <port> <app>@<host>, or <app>.worker.2@<host>.';

/** Who has signed in. */
interface Guest {
  actor: CredentialActor;
  /** Where a shell would be, by the user name; undefined: it names no app. */
  target: ShellTarget | undefined;
  /** By SSH key git too, by a pass of `heroku ps:exec` shells only. */
  mayUseGit: boolean;
}

interface Asked extends Guest {
  /** Undefined: a shell. */
  command: string | undefined;
  protocol: string | undefined;
  terminal: SshTerminal | undefined;
  /** Aborted when the client is. */
  gone: AbortSignal;
}

function end(channel: ServerChannel, code: number, sentence = ''): void {
  if (sentence) channel.stderr.write(sentence);
  channel.exit(code);
  channel.end();
}

/** The user of a public key, once the client has shown that it has the private one (RFC 4252, section 7). */
async function signIn(parts: Parts, passes: ExecPasses, context: AuthContext): Promise<Guest | undefined> {
  if (context.method !== 'publickey') return undefined;
  const { username } = context;
  const fingerprint = fingerprintOf(context.key.data);
  if (ExecPasses.isUser(username)) {
    const pass = passes.find(username, fingerprint);
    if (!pass || !isProven(context)) return undefined;
    if (isSigned(context)) passes.use(username);
    return { actor: pass.actor, target: pass.target, mayUseGit: false };
  }
  const actor = await findActorBySshKey(parts.platform, { fingerprint });
  return actor && isProven(context) ? { actor, target: parseLogin(username), mayUseGit: true } : undefined;
}

/** As `ssh-keygen -l` prints it. */
const fingerprintOf = (key: Buffer) => `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

const isSigned = (context: AuthContext) => context.method === 'publickey' && context.signature !== undefined;

/** A question without a signature needs no proof: `accept` answers it with "yes, this key would do", and signs nobody in. */
function isProven(context: PublicKeyAuthContext): boolean {
  if (!context.signature) return true;
  if (!context.blob) return false;
  const key = ssh2.utils.parseKey(context.key.data);
  if (key instanceof Error) return false;
  return key.verify(context.blob, context.signature, context.hashAlgo) === true;
}

async function execute(parts: Parts, slots: PushSlots, asked: Asked, channel: ServerChannel): Promise<void> {
  try {
    const code = await runCommand(parts, slots, asked, channel);
    end(channel, code ?? 1);
  } catch (error) {
    const id = `err_${randomUUID()}`;
    if (!(error instanceof UserError)) parts.logger.error({ err: error, id }, 'git ssh');
    const { message } = publicError(error, id);
    // A terminal has one output, and begins lines by itself.
    if (asked.terminal) channel.write(`${message}\r\n`);
    end(channel, 128, asked.terminal ? '' : `${message}\n`);
  }
}

async function runCommand(
  parts: Parts,
  slots: PushSlots,
  { actor, target: shell, mayUseGit, command, protocol, terminal, gone }: Asked,
  channel: ServerChannel,
): Promise<number | null> {
  const asked = command === undefined || !mayUseGit ? undefined : parseSshCommand(command);
  if (!asked) {
    if (!shell) throw new UserError('unsupported', noShell);
    return serveShell(parts, { actor, target: shell, command, terminal, gone }, channel);
  }
  await requireCredential(parts.platform, actor); // the connection may be older than that
  const cut = new AbortController();
  channel.on('close', () => cut.abort()).on('error', () => cut.abort());
  const target = await openTargetWithRefs(parts, { actor, ...asked });
  const client = { input: channel, output: channel, cut: cut.signal, isStateless: false, protocol };
  if (asked.service === 'git-receive-pack') return slots.use(() => receivePack(parts, target, client));
  return uploadPack(parts, { appId: target.app.id, repository: target.repository }, client);
}
