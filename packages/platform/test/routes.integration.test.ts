import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../src/apps/create-app.js';
import { setMaintenance } from '../src/apps/set-maintenance.js';
import { setEnvironmentSubnet } from '../src/environments/set-environment-subnet.js';
import { putInstance } from '../src/instances/put-instance.js';
import { findCurrentRollout } from '../src/rollouts/find-current.js';
import { finishRetire } from '../src/rollouts/finish-retire.js';
import { assignSlot } from '../src/routes/assign-slot.js';
import { freeSlot } from '../src/routes/free-slot.js';
import { listServers } from '../src/routes/list-servers.js';
import { putBackend } from '../src/routes/put-backend.js';
import { putServer } from '../src/routes/put-server.js';
import { readRouteTable } from '../src/routes/read-route-table.js';
import { reportApplied } from '../src/routes/report-applied.js';
import { reportServers } from '../src/routes/report-servers.js';
import { setServerWanted } from '../src/routes/set-server-wanted.js';
import { switchRoute } from '../src/routes/switch-route.js';
import { waitRouteApplied } from '../src/routes/wait-route-applied.js';
import { deploy, openWorld, type World } from './open-world.js';

describe('routes', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('carry a switch from the releaser to the controller and its answer back', async () => {
    const { platform } = world;
    const app = await createApp(platform, { actor: world.owner, name: 'harbor' });
    await deploy(world, app.id, 'one');
    const rolloutId = (await findCurrentRollout(platform.db, app.id))?.id ?? '';
    const { id: instanceId } = await putInstance(platform, {
      rolloutId,
      appId: app.id,
      processType: 'web',
      index: 1,
      containerId: 'c1',
      address: '100.64.16.2',
      port: 8080,
      state: 'starting',
    });
    await setEnvironmentSubnet(platform, { environmentId: app.environment.id, subnet: '100.64.16.0/22' });

    await putBackend(platform, { rolloutId, healthcheck: { path: '/up', strict: true } });
    const server = { instanceId, rolloutId, address: '100.64.16.2', port: 8080, wanted: 'probe' } as const;
    await putServer(platform, server);
    expect(await assignSlot(platform, { rolloutId, slot: 'any-1' })).toBe(true);
    expect(await assignSlot(platform, { rolloutId, slot: 'any-2' })).toBe(false);
    const table = await readRouteTable(platform);
    expect(table.routes).toMatchObject([
      {
        appName: 'harbor',
        hosts: ['harbor.localhost'],
        service: 'harbor',
        environmentId: app.environment.id,
        maintenance: false,
        rolloutId: null,
        version: 1,
        appliedVersion: 0,
      },
    ]);
    const { id, subnet, baseId } = table.environments.find((one) => one.id === app.environment.id)!;
    expect({ id, subnet, baseId }).toEqual({ id: app.environment.id, subnet: '100.64.16.0/22', baseId: null });
    expect(table.backends).toMatchObject([
      {
        rolloutId,
        healthPath: '/up',
        healthStrict: true,
        slot: 'any-1',
        isRetired: false,
        servers: [
          {
            instanceId,
            address: '100.64.16.2',
            port: 8080,
            wanted: 'probe',
            seen: 'unknown',
            lastCheck: null,
            openRequests: 0,
          },
        ],
      },
    ]);

    const woken = platform.wake.wait([`rollout:${rolloutId}`], 30_000);
    await reportServers(platform, [{ instanceId, seen: 'healthy', lastCheck: 'L7OK/200', openRequests: 0 }]);
    expect(await woken).toBe(true);
    expect(await listServers(platform, { rolloutId })).toMatchObject([{ seen: 'healthy', lastCheck: 'L7OK/200' }]);
    expect(await setServerWanted(platform, { instanceId, wanted: 'ready' })).toBe(true);
    expect(await setServerWanted(platform, { instanceId: 'gone', wanted: 'ready' })).toBe(false);
    await putServer(platform, { ...server, wanted: 'ready', address: '100.64.16.9' });
    expect(await listServers(platform, { rolloutId })).toMatchObject([{ seen: 'unknown', wanted: 'ready' }]);

    const lease = await world.lease();
    expect(await switchRoute(platform, { appId: app.id, rolloutId, lease })).toEqual({ version: 2 });
    expect(await switchRoute(platform, { appId: app.id, rolloutId, lease })).toEqual({ version: 2 });
    const applied = waitRouteApplied(platform, { appId: app.id, version: 2, signal: AbortSignal.timeout(30_000) });
    await reportApplied(platform, [{ appId: app.id, version: 2 }]);
    await applied;
    await reportApplied(platform, [{ appId: app.id, version: 1 }]); // an answer that comes late takes nothing back
    expect((await readRouteTable(platform)).routes).toMatchObject([{ appliedVersion: 2, rolloutId }]);
    const never = waitRouteApplied(platform, { appId: app.id, version: 9, signal: AbortSignal.timeout(100) });
    await expect(never).rejects.toThrow();
    await setMaintenance(platform, { actor: world.owner, app: 'harbor', isOn: true });
    expect((await readRouteTable(platform)).routes).toMatchObject([{ maintenance: true, version: 3 }]);

    await finishRetire(platform, { rolloutId });
    expect((await readRouteTable(platform)).backends).toMatchObject([
      { isRetired: true, servers: [{ wanted: 'gone' }] },
    ]);
    await freeSlot(platform, { rolloutId });
    expect((await readRouteTable(platform)).backends).toEqual([]);
  });

  it('lend a slot to one rollout only', async () => {
    const { platform } = world;
    const rolloutIds: string[] = [];
    for (const name of ['first', 'second']) {
      const app = await createApp(platform, { actor: world.owner, name });
      await deploy(world, app.id, name);
      const rollout = await findCurrentRollout(platform.db, app.id);
      rolloutIds.push(rollout?.id ?? '');
      await putBackend(platform, { rolloutId: rollout?.id ?? '', healthcheck: { path: '/', strict: false } });
    }
    const [first = '', second = ''] = rolloutIds;
    expect(await assignSlot(platform, { rolloutId: first, slot: 'any-7' })).toBe(true);
    expect(await assignSlot(platform, { rolloutId: second, slot: 'any-7' })).toBe(false);
    await freeSlot(platform, { rolloutId: first });
    expect(await assignSlot(platform, { rolloutId: second, slot: 'any-7' })).toBe(true);
  });
});
