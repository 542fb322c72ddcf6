import type { Stoppable } from '@berth/daemon/run';
import { meterUsage, type UsageSample } from '@berth/domain/meter-usage';
import { addUsage } from '@berth/platform/usage/add-usage';
import type { Releaser } from './releaser.js';

/**
 * Looks what every container has used, each `everyMs`, until `stop`. What is used while no releaser looks is not counted: the
 * first look after a start only remembers.
 */
export function keepMetering({ platform, engine, logger }: Releaser, everyMs = 60_000): Stoppable {
  let before: { samples: UsageSample[]; at: number } | undefined;
  let looking: Promise<void> | undefined;
  const look = async () => {
    const { containers: samples } = await engine.readUsage();
    const now = { samples, at: performance.now() };
    const last = before;
    before = now;
    if (!last) return;
    const entries = meterUsage(last.samples, samples, now.at - last.at);
    await addUsage(platform, { at: new Date(), entries });
  };
  const tick = () => {
    looking ??= look()
      .catch((error: unknown) => logger.warn({ err: error }, 'usage'))
      .finally(() => {
        looking = undefined;
      });
  };
  tick();
  const timer = setInterval(tick, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}
