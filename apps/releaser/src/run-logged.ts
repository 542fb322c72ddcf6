import { secretValues } from '@berth/domain/secret-values';
import { appendLines } from '@berth/logs/log-stream';
import { redactor } from '@berth/logs/redact';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { describeOneOff } from './describe-one-off.js';
import { type OneOff, oneOffSpec } from './one-off-spec.js';
import { openLines } from './open-lines.js';
import type { Releaser } from './releaser.js';

/**
 * Runs a command as a one-off of a release. Its lines go to the app's log under its name, without the release's secrets; `onLine`
 * gets them, too. `message` is one sentence when it did not end well.
 */
export async function runLogged(
  { platform: { redis, instance }, engine, logger }: Releaser,
  work: ReleaseWork,
  oneOff: OneOff,
  { signal, onLine }: { signal: AbortSignal; onLine?: (line: string) => void },
): Promise<{ exitCode: number; message: string | null }> {
  const redact = redactor(secretValues(work.config));
  const lines = openLines(async (texts) => {
    const at = Date.now();
    const all = texts.map((text) => ({ at, source: 'app' as const, process: oneOff.dyno, text: redact(text) }));
    for (const { text } of all) onLine?.(text);
    // Redis may be away for a moment: a command does not end for that.
    await appendLines(redis, instance, work.app.id, all).catch((error) => logger.warn({ err: error }, 'one-off lines'));
  });
  const spec = oneOffSpec(work, oneOff);
  const result = await engine.runOneOff(spec, lines.write, signal);
  await lines.end();
  return { exitCode: result.exitCode, message: describeOneOff('The command', spec, result) ?? null };
}
