import { unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { thawInstances } from './freezer.js';
import { findInstance, type InstanceKey } from './instance-status.js';

/** SIGTERM to its processes, `graceMs`, SIGKILL, remove. Gone already is fine, and so is somebody else removing it. */
export async function removeInstance(host: DockerHost, key: InstanceKey, graceMs: number): Promise<void> {
  const container = await stopInstance(host, key, graceMs);
  if (!container) return;
  await host.settings.beforeRemoval?.(container.id);
  await unlessStatus([404, 409], container.remove({ force: true, v: true }));
}

/** SIGTERM, `graceMs`, SIGKILL. A frozen one is thawed first: it could not answer to SIGTERM. */
export async function stopInstance(host: DockerHost, key: InstanceKey, graceMs: number) {
  const container = await findInstance(host, key);
  if (!container) return undefined;
  await thawInstances(host, [container.id]);
  await unlessStatus([304, 404], container.stop({ t: Math.ceil(graceMs / 1000) }));
  return container;
}
