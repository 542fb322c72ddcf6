import { type CapacityView, getCapacity } from '@berth/platform/capacity/get-capacity';
import type { FastifyInstance } from 'fastify';
import type { Api } from '../api.js';
import { personOf } from '../authenticate.js';

/** Ours: what the host has, what of it is taken, asleep and left; for owners of the installation. */
export function addCapacity(server: FastifyInstance, { platform }: Api): void {
  server.get('/capacity', async (request) => {
    const view = await getCapacity(platform, { actor: personOf(request) });
    return view ? toWire(view) : { at: null };
  });
}

type Sums = CapacityView['running'];

const toWireSums = ({ apps, reservedBytes, reservedCpus, ownBytes, busyCpus }: Sums) => ({
  apps,
  reserved: { memory_bytes: reservedBytes, cpus: reservedCpus },
  used: { memory_bytes: Math.round(ownBytes), cpus: Math.round(busyCpus * 1_000) / 1_000 },
});

const toWire = ({ at, host, running, asleep, room }: CapacityView) => ({
  at,
  host: {
    cpus: host.cpus,
    memory_bytes: host.memory.totalBytes,
    available_bytes: host.memory.availableBytes,
    swap_bytes: host.swap.totalBytes,
    swap_free_bytes: host.swap.freeBytes,
    headroom_bytes: Math.round(host.headroomBytes),
  },
  running: toWireSums(running),
  asleep: {
    ...toWireSums(asleep),
    ...{ frozen: asleep.frozen, pushed_out: asleep.pushedOut, stopped: asleep.stopped },
    image_only: asleep.imageOnly,
    freed_bytes: asleep.freedBytes,
  },
  room: {
    memory_bytes: Math.round(room.bytes),
    full_apps: room.fullApps,
    usual_apps: room.usualApps,
    missing_bytes: Math.round(room.missingBytes),
  },
});
