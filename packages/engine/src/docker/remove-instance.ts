import { unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { findInstance, type InstanceKey } from './instance-status.js';

/** SIGTERM to its processes, `graceMs`, SIGKILL, remove. Gone already is fine, and so is somebody else removing it. */
export async function removeInstance(host: DockerHost, key: InstanceKey, graceMs: number): Promise<void> {
  const container = await findInstance(host, key);
  if (!container) return;
  await unlessStatus([304, 404], container.stop({ t: Math.ceil(graceMs / 1000) }));
  await host.settings.beforeRemoval?.(container.id);
  await unlessStatus([404, 409], container.remove({ force: true, v: true }));
}
