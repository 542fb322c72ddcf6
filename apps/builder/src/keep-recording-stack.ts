import { lookEach } from '@berth/daemon/look-each';
import type { Stoppable } from '@berth/daemon/run';
import type { Builder } from './builder.js';
import { recordBaseImage } from './record-bases.js';

const everyMs = 60_000;

/** A stack that was made anew is in the list of stacks soon after, also when nothing was built on it yet. */
export function keepRecordingStack(builder: Builder): Stoppable {
  let recorded = '';
  const onError = (err: unknown) => builder.logger.warn({ err }, 'record the stack');
  return lookEach({ everyMs, isFirstNow: true, onError }, async () => {
    const stack = await builder.bases.stack();
    if (stack.digest === recorded) return;
    await recordBaseImage(builder, 'stack', stack.config.labels['berth.stack'] ?? '', stack);
    recorded = stack.digest;
  });
}
