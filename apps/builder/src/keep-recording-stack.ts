import type { Builder } from './builder.js';
import { recordBaseImage } from './record-bases.js';

const everyMs = 60_000;

/** A stack that was made anew is in the list of stacks soon after, also when nothing was built on it yet. */
export function keepRecordingStack(builder: Builder): { stop: () => Promise<void> } {
  let recorded = '';
  const record = async () => {
    const stack = await builder.bases.stack();
    if (stack.digest === recorded) return;
    await recordBaseImage(builder, 'stack', stack.config.labels['berth.stack'] ?? '', stack);
    recorded = stack.digest;
  };
  const look = () => record().catch((error) => builder.logger.warn({ err: error }, 'record the stack'));
  let looking = look();
  const timer = setInterval(() => {
    looking = look();
  }, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}
