import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Stoppable } from '@berth/daemon/run';
import { findSlot } from '@berth/platform/sleep/find-slot';
import type { SleepKeeper } from './sleep-keeper.js';
import { wakeApp, wakeFrozen, wakeWithinMs } from './wake-app.js';

/**
 * The router's wake gate asks here, one line each: `WAKE <slot>:<app id>` → `OK <slot>` as soon as the app can take the
 * request, or `FAILED`. The slot of the answer is that app's, whoever has the asked one by now. Only the platform network
 * reaches this port; all that a stranger could do is wake apps.
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
  const [, slot, appId] = /^WAKE ([a-z]+\d+):([\w-]+)$/.exec(line) ?? [];
  if (!slot || !appId) return 'FAILED';
  try {
    return `OK ${await within(wakeWithinMs, wakeAtGate(keeper, { slot, appId }))}`;
  } catch (error) {
    keeper.logger.warn({ err: error, appId, slot }, 'wake');
    return 'FAILED';
  }
}

/** The slot where the app answers now: a slot is lent to others only after the containers are gone. */
async function wakeAtGate(keeper: SleepKeeper, { slot, appId }: { slot: string; appId: string }): Promise<string> {
  const { platform, transitions, frozen } = keeper;
  const known = frozen.get(appId);
  frozen.delete(appId);
  const isKnown = known?.slot === slot && !transitions.isBusy(appId);
  if (isKnown && (await wakeFrozen(keeper, appId, known.containerIds))) return slot;
  if (!isKnown) await wakeApp(keeper, appId, true);
  const now = await findSlot(platform, { appId });
  if (!now) throw new Error('nothing answers for this app');
  return now;
}

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not within ${ms} ms`)), ms);
    promise.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
