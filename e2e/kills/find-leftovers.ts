import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { disksDirectory, docker, instance, query } from './inside.js';

/** Prepared jails that wait are no leftover: BERTH_PREPARED_JAILS of apps, and as many for none. */
const sparesMax = 2 * 4;
/** What a jail that nothing runs in has: its init and a sleep. */
const processesOfAnIdleJail = 2;

/** Everything of an app that should be over and is not, in words. Empty: only its last release is there. */
export async function findLeftovers(appId: string): Promise<string[]> {
  return (await Promise.all([findRows(appId), findContainers(appId), findJails()])).flat();
}

async function findRows(appId: string): Promise<string[]> {
  const rows = await query<{ what: string }>(
    `WITH owners AS (
       SELECT "id" FROM "Build" WHERE "appId" = $1
       UNION SELECT "id" FROM "Release" WHERE "appId" = $1 UNION SELECT "id" FROM "Rollout" WHERE "appId" = $1)
     SELECT 'step ' || "name" || ' is open' AS what FROM "Step"
       WHERE "endedAt" IS NULL AND coalesce("buildId", "releaseId", "rolloutId") IN (SELECT "id" FROM owners)
     UNION ALL SELECT 'build is ' || "status" FROM "Build" WHERE "appId" = $1 AND "status" IN ('pending', 'running')
     UNION ALL SELECT 'release is ' || "status" FROM "Release" WHERE "appId" = $1 AND "status" IN ('pending', 'running')
     UNION ALL SELECT 'rollout is ' || "status" FROM "Rollout" WHERE "appId" = $1 AND "status" IN ('pending', 'running')
     UNION ALL SELECT 'job ' || "name" || ' is not done' FROM "Outbox"
       WHERE "doneAt" IS NULL AND "payload"->>'appId' = $1
     UNION ALL SELECT 'lease ' || "key" || ' runs' FROM "Lease" WHERE "expiresAt" > now()
       AND split_part("key", ':', 2) IN (SELECT $1 UNION SELECT "id" FROM owners)
     UNION ALL SELECT 'rollout ' || "id" || ' is not retired' FROM "Rollout" WHERE "appId" = $1 AND "retiredAt" IS NULL
       AND "id" IS DISTINCT FROM (SELECT "rolloutId" FROM "Route" WHERE "appId" = $1)
     UNION ALL SELECT 'backend of ' || "rolloutId" FROM "RouterBackend"
       WHERE "rolloutId" IN (SELECT "id" FROM "Rollout" WHERE "appId" = $1 AND "retiredAt" IS NOT NULL)
     UNION ALL SELECT 'instance row ' || "processType" || ' is ' || "state" FROM "Instance" WHERE "appId" = $1
       AND "state" <> 'down' AND "rolloutId" IS DISTINCT FROM (SELECT "rolloutId" FROM "Route" WHERE "appId" = $1)`,
    appId,
  );
  return rows.map(({ what }) => what);
}

async function findContainers(appId: string): Promise<string[]> {
  const [route] = await query<{ rolloutId: string }>(`SELECT "rolloutId" FROM "Route" WHERE "appId" = $1`, appId);
  const format = '{{.Label "berth.kind"}} {{.Label "berth.rollout"}} {{.Names}}';
  const filters = ['--filter', `label=berth.instance=${instance}`, '--filter', `label=berth.app=${appId}`];
  const lines = await docker('ps', '--all', ...filters, '--format', format);
  return lines.filter((line) => !route || !line.startsWith(`instance ${route.rolloutId} `));
}

/** Jails are whole: container, network and disks of the same ids. Nothing runs in them, and there are few. */
async function findJails(): Promise<string[]> {
  const ofKind = (kind: string) => [
    '--filter',
    `label=berth.instance=${instance}`,
    '--filter',
    `label=berth.kind=${kind}`,
  ];
  const id = ['--format', '{{.Label "berth.jail"}}'];
  const [jails, networks, volumes, devices] = await Promise.all([
    docker('ps', '--all', ...ofKind('jail'), ...id),
    docker('network', 'ls', ...ofKind('build-network'), ...id),
    docker('volume', 'ls', ...ofKind('disk'), ...id),
    loopDevices(),
  ]);
  const images = await readdir(join(disksDirectory, 'jails')).catch(() => []);
  const isOfNone = (jail: string) => !jails.includes(jail);
  const jailOf = (file: string) => /^[0-9a-f]*/.exec(file)![0];
  const isImage = (path: string) => images.some((name) => path === join(disksDirectory, 'jails', name));
  return [
    ...networks.filter(isOfNone).map((jail) => `build network of ${jail}`),
    ...volumes.filter(isOfNone).map((jail) => `volume of ${jail}`),
    ...images.filter((name) => isOfNone(jailOf(name))).map((name) => `disk image ${name}`),
    ...devices.filter((path) => path.includes('/jails/') && !isImage(path)).map((path) => `loop device of ${path}`),
    ...(devices.length > jails.length * 2 ? [`${devices.length} loop devices for ${jails.length} jails`] : []),
    ...(jails.length > sparesMax ? [`${jails.length} jails`] : []),
    ...(await Promise.all(jails.map(findBusy))).flat(),
  ];
}

async function findBusy(jail: string): Promise<string[]> {
  const [, ...processes] = await docker('top', `${instance}.jail.${jail}`, '-eo', 'pid,args').catch(() => ['']);
  return processes.length > processesOfAnIdleJail ? [`in jail ${jail} runs ${processes.join(', ')}`] : [];
}

async function loopDevices(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('losetup', ['--noheadings', '--output', 'BACK-FILE']);
  return stdout.split('\n').flatMap((line) => (line.trim().startsWith(`${disksDirectory}/`) ? [line.trim()] : []));
}
