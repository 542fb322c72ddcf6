import type { Gate } from '@berth/domain/environment-policy';
import type { GateEnd } from '@berth/platform/promotions/write-gate';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import type { Releaser } from './releaser.js';
import { runLogged } from './run-logged.js';

/** What gates are asked about: the app that is promoted from. */
export interface GateSource {
  hostName: string;
  /** Undefined: the app is gone. */
  work: ReleaseWork | undefined;
  /** Labels the container of a gate's command. */
  key: string;
}

/** Of a path; an app that sleeps wakes meanwhile. */
const answerMs = 15_000;
/** Characters of a command's output that are kept: its end says why. */
const outputMax = 256 * 1024;

/** Asks one gate of a promotion; `position` is from 1. */
export function checkGate(
  releaser: Releaser,
  { gate, position, source, signal }: { gate: Gate; position: number; source: GateSource; signal: AbortSignal },
): Promise<GateEnd> {
  return 'path' in gate
    ? askPath(releaser, source.hostName, gate.path)
    : runCommand(releaser, { command: gate.command, dyno: `gate.${position}`, source, signal });
}

/** The app must answer with 2xx, as people reach it. */
async function askPath({ engine, platform }: Releaser, hostName: string, path: string): Promise<GateEnd> {
  const port = platform.addresses.appsPort;
  const status = await engine.askApp({ port, hostName, path, timeoutMs: answerMs });
  if (status !== undefined && status >= 200 && status < 300) return { message: null, output: null };
  const said = status === undefined ? `did not answer within ${answerMs / 1_000} s` : `answered ${status}`;
  return { message: `The gate ${path} is shut: ${hostName} ${said}, and 2xx is asked for.`, output: null };
}

/** A one-off of the release that is promoted must end with 0, in the time of a release phase. */
async function runCommand(
  releaser: Releaser,
  { command, dyno, source, signal }: { command: string; dyno: string; source: GateSource; signal: AbortSignal },
): Promise<GateEnd> {
  const { work, key } = source;
  if (!work) return { message: `The gate "${command}" is shut: the app that is promoted from is gone.`, output: null };
  let output = '';
  const onLine = (line: string) => {
    output = `${output}${line}\n`.slice(-outputMax);
  };
  const oneOff = { command, dyno, key, timeoutMs: releaser.releasePhaseTimeoutMs };
  const { message } = await runLogged(releaser, work, oneOff, { signal, onLine });
  if (message === null) return { message: null, output };
  const where = `its output is with the promotion and in the log of ${work.app.name}`;
  return { message: `The gate "${command}" is shut: ${lowerFirst(message).replace(/\.$/, '')}; ${where}.`, output };
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
