import { saveLedger } from '@berth/platform/disk/save-ledger';
import type { DiskKeeper } from './disk-keeper.js';
import { survey } from './survey.js';

/** Writes down what fills the disk now. */
export async function measure(keeper: DiskKeeper): Promise<void> {
  const { ledger } = await survey(keeper);
  await saveLedger(keeper.platform, { ledger });
}
