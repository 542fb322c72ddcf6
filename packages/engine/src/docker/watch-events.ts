import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DockerHost } from './docker-host.js';
import { label, labelFilter } from './labels.js';

/** A container event of an instance, as the daemon tells it. */
export interface InstanceEvent {
  action: string;
  containerId: string;
  appId: string;
}

const reconnectMs = 500;

/** Tells start, die, oom and destroy of instances until aborted; connects again when the daemon was away. */
export async function watchEvents(
  host: Pick<DockerHost, 'docker' | 'names'>,
  onEvent: (event: InstanceEvent) => unknown,
  signal: AbortSignal,
): Promise<void> {
  const filters = {
    type: ['container'],
    event: ['start', 'die', 'oom', 'destroy'],
    ...labelFilter(host, 'instance'),
  };
  while (!signal.aborted) {
    try {
      const events: unknown = await host.docker.getEvents({ filters: JSON.stringify(filters) });
      await readEvents(events as Readable, onEvent, signal);
    } catch {
      // The daemon restarts; what happened meanwhile is found by the reconcile loop.
    }
    await sleep(reconnectMs, undefined, { signal }).catch(() => {});
  }
}

async function readEvents(events: Readable, onEvent: (event: InstanceEvent) => unknown, signal: AbortSignal) {
  const stop = () => events.destroy();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let rest = '';
  try {
    for await (const chunk of events) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter((text) => text !== '')) {
        const { Action, Actor } = JSON.parse(line);
        await onEvent({ action: Action, containerId: Actor.ID, appId: Actor.Attributes[label.app] ?? '' });
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
