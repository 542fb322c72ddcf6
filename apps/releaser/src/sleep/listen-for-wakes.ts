import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Stoppable } from '@berth/daemon/run';
import { findSleeper } from '@berth/platform/sleep/find-sleeper';
import { findSlot } from '@berth/platform/sleep/find-slot';
import type { SleepKeeper } from './sleep-keeper.js';
import { wakeApp, wakeWithinMs } from './wake-app.js';

/**
 * The router's wake gate asks here, one line each: `WAKE <slot>` → `OK <slot>` as soon as the app can take the request, or
 * `FAILED`. Only the platform network reaches this port; all that a stranger could do is wake apps.
 */
export async function listenForWakes(keeper: SleepKeeper, port: number): Promise<Stoppable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy()));
    createInterface({ input: socket }).once('line', (line) => {
      answer(keeper, line).then((text) => socket.end(`${text}\n`));
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve));
  return {
    stop: async () => {
      for (const socket of sockets) socket.destroy(); // the gate asks again
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(keeper: SleepKeeper, line: string): Promise<string> {
  const slot = /^WAKE ([a-z]+\d+)$/.exec(line)?.[1];
  if (!slot) return 'FAILED';
  try {
    return `OK ${await within(wakeWithinMs, wakeSlot(keeper, slot))}`;
  } catch (error) {
    keeper.logger.warn({ err: error, slot }, 'wake');
    return 'FAILED';
  }
}

/**
 * The slot where the app answers now. What this process froze itself is thawed while the rows are still read: a thaw too many
 * does no harm, and whoever stops the app waits for the wake that has begun.
 */
async function wakeSlot(keeper: SleepKeeper, slot: string): Promise<string> {
  const { platform, engine, transitions, frozen, logger } = keeper;
  const known = frozen.get(slot);
  frozen.delete(slot);
  if (known && !transitions.isBusy(known.appId)) {
    const waking = wakeApp(keeper, known.appId, true);
    waking.catch((error) => logger.warn({ err: error, slot }, 'wake')); // the loop of sleep mends its rows
    const { gone } = await engine.thawInstances(known.containerIds).catch(() => ({ gone: known.containerIds }));
    if (gone.length === 0) return slot;
    await waking;
    return (await findSlot(platform, { appId: known.appId })) ?? slot;
  }
  const sleeper = await findSleeper(platform, { slot });
  if (!sleeper) throw new Error('nobody has this slot');
  await wakeApp(keeper, sleeper.appId, true);
  return (await findSlot(platform, { appId: sleeper.appId })) ?? slot;
}

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not within ${ms} ms`)), ms);
    promise.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
