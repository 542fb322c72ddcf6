import type { DiskLedger } from '@berth/domain/disk-ledger';
import { TransientError } from '@berth/domain/errors';
import { addJob } from '@berth/jobs/outbox';
import type { Actor } from '../actor.js';
import { getTeamFor } from '../auth/get-team-for.js';
import { type Platform, transaction } from '../platform.js';
import { findDiskScope } from './find-disk-scope.js';

/** A ledger as old as this is shown as it is, ms. */
const freshMs = 15_000;
const waitMs = 30_000;

/** What fills the disk: of one team for its admins, of everything for who owns the installation. Measured anew when it is old. */
export async function getLedger(
  platform: Platform,
  { actor, team }: { actor: Actor; team?: string | undefined },
): Promise<DiskLedger & { measuredAt: Date }> {
  const { teamId } = team
    ? { teamId: (await getTeamFor(platform.db, { actor, team, right: 'disk.view' })).id }
    : await findDiskScope(platform.db, actor);
  const since = new Date(Date.now() - freshMs);
  const found = (await findNewest(platform, since)) ?? (await measure(platform));
  const ledger = found.ledger as unknown as DiskLedger;
  if (teamId === null) return { ...ledger, measuredAt: found.measuredAt };
  const { name } = await platform.db.team.findUniqueOrThrow({ where: { id: teamId } });
  return { ...ofTeam(ledger, name), measuredAt: found.measuredAt };
}

const findNewest = ({ db }: Platform, since: Date) =>
  db.diskLedger.findFirst({ where: { measuredAt: { gte: since } }, orderBy: { measuredAt: 'desc' } });

async function measure(platform: Platform) {
  const since = await transaction(platform, async (tx, after) => {
    after.jobs.push(await addJob(tx, 'disk.measure', {}));
    return new Date();
  });
  const look = async () => (await findNewest(platform, since)) ?? undefined;
  const found = await platform.wake.until(['disk'], look, AbortSignal.timeout(waitMs));
  if (!found) throw new TransientError('the disk was not measured in time');
  return found;
}

function ofTeam(ledger: DiskLedger, team: string): DiskLedger {
  const entries = ledger.entries.filter((entry) => entry.team === team);
  const counted = entries.filter(({ within }) => within === null);
  const sum = (of: typeof counted) => of.reduce((bytes, entry) => bytes + entry.bytes, 0);
  return {
    ...ledger,
    usedBytes: sum(counted),
    reclaimableBytes: sum(counted.filter(({ isOver }) => isOver)),
    // Names of other teams' apps are theirs.
    entries: entries.map((entry) => ({ ...entry, sharers: [] })),
  };
}
