import type { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '@berth/domain/errors';
import type { OneOffResult, Terminal } from '@berth/engine/interface';
import type { OneOffEnd } from '@berth/platform/one-offs/finish-one-off';
import type { OneOffWork } from '@berth/platform/one-offs/read-one-off';
import { describeOneOff } from '../describe-one-off.js';
import { oneOffSpec } from '../one-off-spec.js';
import type { Releaser } from '../releaser.js';
import { untilEndOfInput } from './end-of-input.js';

/**
 * Runs a command with a visitor as its input and output. Its container only waits; the command is a terminal in it, and when
 * either the command ends or the visitor goes, the container is removed with all that is left in it.
 */
export async function runAttached(
  { engine }: Pick<Releaser, 'engine'>,
  { oneOff, work }: OneOffWork,
  visitor: Socket,
  signal: AbortSignal,
): Promise<OneOffEnd> {
  const over = new AbortController();
  let isGone = false;
  const leave = () => {
    isGone = true;
    over.abort(new Error('the visitor went away'));
  };
  visitor.on('end', leave).on('close', leave);
  if (visitor.destroyed) leave();
  const ended = AbortSignal.any([signal, over.signal]);
  const { name: dyno, size, id: key, timeLimit } = oneOff;
  const hold = oneOffSpec(work, { dyno, size, key, timeoutMs: timeLimit * 1_000, command: `sleep ${timeLimit}` });
  try {
    const { containerId, holding } = await startHold(engine, hold, ended);
    const terminal = await engine.openTerminal({
      ...{ containerId, command: oneOff.command, tty: oneOff.hasTerminal, env: {} },
      columns: sideOf(oneOff.env.COLUMNS),
      lines: sideOf(oneOff.env.LINES),
    });
    const end = await endOf(connect(terminal, visitor, oneOff.hasTerminal), holding);
    if (typeof end === 'number')
      return { exitCode: end, message: end === 0 ? null : `The command exited with code ${end}.` };
    return { exitCode: null, message: describeOneOff('The command', hold, end) ?? 'Its container was ended.' };
  } catch (error) {
    if (!isGone || signal.aborted) throw error;
    return { exitCode: null, message: 'Who ran it went away.', isCancelled: true };
  } finally {
    visitor.off('end', leave).off('close', leave);
    over.abort();
    await engine.removeOneOff(key); // by now, whatever becomes of this process or the host's
  }
}

/** Of a terminal, as the caller says; 0 for what none has. */
const sideOf = (said = '') => (/^\d{1,4}$/.test(said) ? Number(said) : 0);

/** The container, as soon as it runs; `holding` settles when it is gone. */
async function startHold(engine: Releaser['engine'], hold: ReturnType<typeof oneOffSpec>, signal: AbortSignal) {
  let onStarted: (containerId: string) => void = () => {};
  const started = new Promise<string>((resolve) => {
    onStarted = resolve;
  });
  const holding = engine.runOneOff(hold, () => {}, signal, onStarted);
  holding.catch(() => {}); // who awaits it hears of it
  const tooSoon = holding.then(() => {
    throw new UserError(
      'unsupported',
      'The container of the command ended at once: its image needs /bin/sh and sleep.',
    );
  });
  return { containerId: await Promise.race([started, tooSoon]), holding };
}

/** Of a process that was killed. */
const killed = 137;
/** How much later than its processes the end of a container may be told, ms. */
const toldMs = 1_000;

/** The command's exit code; or how its container ended, when that is why it was killed (its time was over). */
async function endOf(connected: Promise<number>, holding: Promise<OneOffResult>): Promise<number | OneOffResult> {
  const [own] = await Promise.allSettled([Promise.race([connected, holding])]);
  if (own.status === 'fulfilled' && own.value !== killed) return own.value;
  const held = await Promise.race([holding, sleep(toldMs)]);
  if (held) return held;
  if (own.status === 'rejected') throw own.reason;
  return own.value;
}

/** Until the command has ended and the visitor has all of its output. */
async function connect(terminal: Terminal, visitor: Socket, hasTerminal: boolean): Promise<number> {
  const { stream, stderr, exit } = terminal;
  visitor.on('close', () => stream.destroy());
  stream.on('error', () => {}); // its exit says what happened
  const input = hasTerminal ? visitor : visitor.pipe(untilEndOfInput());
  input.pipe(stream);
  stream.pipe(visitor, { end: false });
  stderr.pipe(visitor, { end: false });
  const [exitCode] = await Promise.all([exit, finished(stream, { writable: false }), finished(stderr)]);
  visitor.unpipe();
  stream.destroy();
  return exitCode;
}
