import { lookEach } from '@berth/daemon/look-each';
import type { Stoppable } from '@berth/daemon/run';
import { scheduleCollection } from '@berth/platform/collections/schedule-collection';
import { spreadKeptLines } from '@berth/platform/disk/spread-kept-lines';
import type { DiskKeeper } from './disk-keeper.js';

export interface CollectionTimetable {
  everyMs: number;
  /** Below this part of the disk (0 to 1) one is made at once. */
  lowSpace: number;
}

const lookEveryMs = 60_000;
/** One that could free too little is not tried again sooner. */
const lowSpaceEveryMs = 3_600_000;

/** Asks for a collection when it is time, and when the disk is nearly full; and says how many log lines are kept. */
export function keepCollecting(keeper: DiskKeeper, { everyMs, lowSpace }: CollectionTimetable): Stoppable {
  const { platform, engine, logger } = keeper;
  const onError = (err: unknown) => logger.warn({ err }, 'timetable');
  return lookEach({ everyMs: lookEveryMs, onError }, async () => {
    await spreadKeptLines(platform);
    await scheduleCollection(platform, { reason: 'schedule', everyMs });
    const { totalBytes, freeBytes } = await engine.freeSpace();
    if (freeBytes < totalBytes * lowSpace)
      await scheduleCollection(platform, { reason: 'low_space', everyMs: lowSpaceEveryMs });
  });
}
