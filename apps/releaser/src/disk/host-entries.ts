import { appOfCache } from '@berth/domain/cache-key';
import { type LedgerEntry, plain } from '@berth/domain/disk-ledger';
import type { HostDisk, HostDiskImage } from '@berth/engine/host-disk';
import type { Owners } from '@berth/platform/disk/read-owners';

/** What containers wrote over their images, and what they printed. */
export function containerEntries({ containers }: HostDisk, owners: Owners): LedgerEntry[] {
  return containers.flatMap(({ name, kind, appId, writableBytes, logBytes }) => {
    const app = appId ? owners.apps.get(appId) : undefined;
    const owner = { team: app?.team ?? null, app: app?.name ?? null };
    return [
      plain('container', name, `written by a running ${kind}`, writableBytes, false, owner),
      plain('log', name, 'printed, until it is shipped and turned over', logBytes, false, owner),
    ];
  });
}

const diskReasons: Record<HostDiskImage['kind'], string> = {
  cache: 'package caches between builds',
  jail: 'workspace of a build, or one that waits for the next',
  template: 'an empty disk to copy',
  volume: 'a volume of an app',
};

/** Disk images by the blocks they have, not by their size. */
export function diskEntries({ disks }: HostDisk, owners: Owners, over: readonly HostDiskImage[]): LedgerEntry[] {
  return disks.map((disk) => {
    if (disk.kind === 'volume') return volumeEntry(disk, owners);
    const app = disk.cacheKey ? owners.apps.get(appOfCache(disk.cacheKey)) : undefined;
    const isGone = disk.kind === 'cache' && !app;
    return plain(
      disk.kind === 'cache' ? 'cache' : 'jail',
      app?.name ?? disk.name,
      isGone ? 'package caches of an app that is gone' : diskReasons[disk.kind],
      disk.bytes,
      over.includes(disk),
      { team: app?.team ?? null, app: app?.name ?? null },
    );
  });
}

function volumeEntry({ name: key, bytes }: HostDiskImage, owners: Owners): LedgerEntry {
  const { name, ...owner } = owners.addOns.get(key) ?? { name: key, team: null, app: null };
  return plain('volume', name, diskReasons.volume, bytes, false, owner);
}

const volumeReasons: Record<string, string> = {
  postgres: 'the database',
  redis: 'log lines, jobs and sessions of work',
  git: 'git objects of all repositories',
  'scratch-git': 'sources on their way to the registry',
  'scratch-builder': 'layers while they are made',
  router: "the router's configuration",
};

/** The registry's volume is counted blob by blob where it can be read. */
export function volumeEntries({ volumes, registry }: HostDisk, owners: Owners): LedgerEntry[] {
  return volumes
    .filter(({ name }) => !(registry && name === 'registry'))
    .map(({ name, key, bytes }) => {
      if (key === null) return plain('volume', name, volumeReasons[name] ?? 'a part of Berth', bytes, false);
      const { name: addOn, ...owner } = owners.addOns.get(key) ?? { name: key, team: null, app: null };
      return plain('volume', addOn, 'the data of a Redis add-on', bytes, false, owner);
    });
}
