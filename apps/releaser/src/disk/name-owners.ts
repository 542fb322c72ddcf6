import type { LedgerOwner } from '@berth/domain/disk-ledger';
import type { RepositoryNeeds } from '@berth/platform/collections/read-needs';
import type { Owners } from '@berth/platform/disk/read-owners';

type Named = { repository: string; digest: string; tags?: readonly string[] };

const reasons = {
  serving: 'the release that serves',
  'under way': 'a release or rebase under way',
  rollback: 'a release one may roll back to',
  new: 'just made',
};

/** Says of a manifest or of a pulled image whose it is and why it is there. */
export function nameOwners(owners: Owners, needs: readonly RepositoryNeeds[]): (one: Named) => LedgerOwner {
  const services = new Map(needs.map((one) => [one.repositoryId, one]));
  const teamOf = (name: string | undefined) => name ?? null;
  return (one) => {
    const [room = '', id = ''] = one.repository.split('/');
    const tag = one.tags?.[0];
    const label = tag ?? one.digest.slice('sha256:'.length, 'sha256:'.length + 12);
    if (room === 'dependencies') {
      const team = teamOf(owners.teams.get(id));
      return { team, app: null, name: `${team ?? id} ${label.slice(0, 12)}`, reason: 'cached dependencies' };
    }
    if (room === 'pushed') {
      const app = owners.apps.get(id);
      const owner = { team: app?.team ?? null, app: app?.name ?? null, name: `${app?.name ?? id} ${label}` };
      return { ...owner, reason: app ? 'pushed ready-made' : 'of an app that is gone' };
    }
    if (room !== 'app' && room !== 'source')
      return { team: null, app: null, name: `${one.repository}:${label}`, reason: 'what images are built upon' };
    const service = services.get(id);
    const [app] = service?.apps ?? [];
    const owner = { team: teamOf(service?.team?.name), app: app?.name ?? null };
    if (!service) return { ...owner, name: `${room} of ${id}`, reason: 'of an app that is gone' };
    return { ...owner, name: `${app?.name ?? id} ${label.slice(0, 20)}`, reason: reasonOf(service, room, one) };
  };
}

function reasonOf(service: RepositoryNeeds, room: string, { digest, tags = [] }: Named): string {
  if (room === 'source')
    return tags.some((tag) => service.commits.has(tag)) ? 'the source of what is kept' : 'an old source';
  const image = service.images.find(({ digests, keptBecause }) => keptBecause && digests.includes(digest));
  if (image?.keptBecause) return reasons[image.keptBecause];
  if (tags.some((tag) => tag.startsWith('sha256-'))) return 'about an image (SBOM, provenance)';
  return 'no release that is kept needs it';
}
