import { UserError } from '@berth/domain/errors';
import type { InstanceStatus } from '@berth/engine/interface';
import type { Say } from './release-output.js';
import type { Releaser } from './releaser.js';
import type { Started } from './steps/start-instances.js';

const linesShown = 30;
const lineMax = 200;

/** Prints the instance's last lines and returns them, without secrets: why a release failed is there. */
export async function showLastLines({ engine }: Releaser, started: Started, say: Say): Promise<string[]> {
  const printed = await engine.lastLines(started, linesShown).catch(() => []);
  const lines = printed.filter((line) => line.trim() !== '').map(started.redact);
  if (lines.length > 0) say([`-----> Last lines of ${started.name}:`, ...lines.map((line) => `       ${line}`)]);
  return lines;
}

/** The line that tells most: an error's message, else the last one. */
export function pickLine(lines: readonly string[]): string | undefined {
  const line = lines.find((one) => /^(\w*Error|error|fatal|panic)\b.*:/i.test(one.trim())) ?? lines.at(-1);
  return line?.trim().slice(0, lineMax);
}

/** `web.1 exited with code 1 before it was ready: Error: Cannot find module 'pg'` */
export async function explainCrash(
  releaser: Releaser,
  started: Started,
  { exitCode, isOutOfMemory }: Pick<InstanceStatus, 'exitCode' | 'isOutOfMemory'>,
  say: Say,
): Promise<UserError> {
  const line = pickLine(await showLastLines(releaser, started, say));
  const memory = `used more than ${started.memoryBytes / 1024 / 1024} MiB of memory and was killed`;
  const what = isOutOfMemory ? memory : `exited with code ${exitCode ?? 'unknown'}`;
  return new UserError(
    'instance_crashed',
    `${started.name} ${what} before it was ready${line && !isOutOfMemory ? `: ${line}` : '.'}`,
  );
}
