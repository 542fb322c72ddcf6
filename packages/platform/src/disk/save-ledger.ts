import { type DiskLedger, sumBy } from '@berth/domain/disk-ledger';
import type { Platform } from '../platform.js';

/** Older ones tell nobody anything. */
const keptMax = 50;

/** What fills the disk, as it was just measured; wakes who waits for it. */
export async function saveLedger(platform: Platform, { ledger }: { ledger: DiskLedger }): Promise<void> {
  await platform.db.diskLedger.create({
    data: {
      ledger: ledger as unknown as object,
      ...{ bytesByTeam: sumBy('team', ledger), bytesByApp: sumBy('app', ledger) },
    },
  });
  const old = await platform.db.diskLedger.findMany({
    orderBy: { measuredAt: 'desc' },
    skip: keptMax,
    select: { id: true },
  });
  await platform.db.diskLedger.deleteMany({ where: { id: { in: old.map(({ id }) => id) } } });
  await platform.wake.publish(['disk']);
}
