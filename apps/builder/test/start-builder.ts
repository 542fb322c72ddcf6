import { join } from 'node:path';
import { Secret } from '@berth/domain/secret';
import { serveBuildEngine } from '@berth/engine/serve-engines';
import { freePort } from '../../../packages/daemon/test/free-port.js';
import { startProcess } from '../../releaser/test/processes.js';
import type { World } from './open-world.js';

const socketOf = (world: World) => join(world.directory, 'engine.sock');

/** The world's build engine on a socket, for builders that are processes of their own. */
export const serveEngine = (world: World) => serveBuildEngine(socketOf(world), world.dockerEngine, () => {});

/** The builder as a process of its own, in a world without one. A rebase needs no engine. */
export async function startBuilder(world: World, { leaseTtlMs = 2_000 } = {}) {
  const env = Object.entries(world.config).map(([name, value]) => [name, toEnv(value)]);
  return startProcess('builder', {
    ...Object.fromEntries(env),
    BERTH_DOWNLOADS: world.builder.sources.cacheDir!,
    NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS ?? '',
    ENGINE_SOCKET: socketOf(world),
    BERTH_LEASE_TTL_MS: String(leaseTtlMs),
    HEALTH_PORT: String(await freePort()),
  });
}

function toEnv(value: unknown): string {
  if (value instanceof Secret) return value.reveal();
  return Array.isArray(value) ? value.join('|') : String(value);
}
