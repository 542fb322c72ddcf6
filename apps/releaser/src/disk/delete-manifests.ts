import { planCollection, type RegistryManifest } from '@berth/domain/plan-collection';
import type { Lease } from '@berth/jobs/lease';
import { markCollected } from '@berth/platform/collections/mark-collected';
import { graceMs, type RepositoryNeeds } from '@berth/platform/collections/read-needs';
import { withServiceHeld } from '@berth/platform/collections/with-service-held';
import type { DiskKeeper } from './disk-keeper.js';
import { keptDependencies, type Survey, toRegistryNeeds } from './survey.js';

/** Forgets what the survey found to be over, service by service; each is looked at again under what keeps it from changing. */
export async function deleteManifests(keeper: DiskKeeper, found: Survey, lease: Lease): Promise<void> {
  const byRepository = new Map<string, RegistryManifest[]>();
  for (const one of found.over) byRepository.set(one.repository, [...(byRepository.get(one.repository) ?? []), one]);
  const services = new Map(found.needs.map((one) => [one.repositoryId, one]));
  for (const [repository, over] of byRepository) {
    const [room, id = ''] = repository.split('/');
    if ((room === 'app' || room === 'source') && services.has(id)) continue; // below
    await deleteAll(keeper, room === 'dependencies' ? await stillOver(keeper, over) : over);
  }
  for (const service of found.needs) {
    const over = ['app', 'source'].flatMap((room) => byRepository.get(`${room}/${service.repositoryId}`) ?? []);
    if (over.length > 0) await deleteOfService(keeper, found, service, over, lease);
  }
  await keeper.platform.wake.publish(['registry']);
}

/** Skipped while one of its builds runs or a push does not end: it may be of the very image that goes. The next collection comes. */
async function deleteOfService(
  keeper: DiskKeeper,
  { owners }: Survey,
  service: RepositoryNeeds,
  over: readonly RegistryManifest[],
  lease: Lease,
): Promise<void> {
  const { repositoryId } = service;
  const isDone = await withServiceHeld(keeper.platform, service, async (signal) => {
    const needs = await markCollected(keeper.platform, { repositoryId, lease });
    const times = { now: Date.now(), graceMs, basesKeptMs: 0 };
    const needed = toRegistryNeeds(owners, needs ? [needs] : [], new Map());
    await deleteAll(keeper, planCollection(over, needed, times), signal);
  });
  if (!isDone) keeper.logger.info({ repositoryId }, 'a build or a push runs: nothing of its service is collected now');
}

async function stillOver(keeper: DiskKeeper, over: readonly RegistryManifest[]): Promise<RegistryManifest[]> {
  const kept = await keptDependencies(keeper, over, { isDryRun: false });
  return over.filter(({ repository, tags }) => !tags.some((tag) => kept.get(repository)?.has(tag)));
}

async function deleteAll(
  keeper: DiskKeeper,
  manifests: readonly RegistryManifest[],
  signal?: AbortSignal,
): Promise<void> {
  for (const { repository, digest } of manifests) {
    signal?.throwIfAborted();
    if (repository.startsWith('app/')) await deleteCopy(keeper, repository, digest);
    await keeper.registry.deleteManifest(repository, digest);
  }
}

/** Its blobs are freed in the window too, where that registry is ours. One that lets nobody delete keeps what it has: its owner's choice. */
async function deleteCopy({ production, logger }: DiskKeeper, repository: string, digest: string): Promise<void> {
  if (!production) return;
  await production.registry.deleteManifest(`${production.prefix}${repository}`, digest).catch((error: unknown) => {
    logger.warn({ err: error, repository, digest }, 'the production registry did not delete a manifest');
  });
}
