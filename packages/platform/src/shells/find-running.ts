import type { Platform } from '../platform.js';

export interface RunningProcess {
  /** `web.1`, `run.1234` */
  process: string;
  /** Of an instance. */
  containerId: string | undefined;
  /** Of a one-off: the key of its container. */
  oneOffId: string | undefined;
}

/**
 * The process of an app with this name; without one, the first instance, web before others. Of two releases that run beside
 * each other the newer one's.
 */
export async function findRunning(
  { db }: Platform,
  { appId, process }: { appId: string; process?: string | undefined },
): Promise<RunningProcess | undefined> {
  const [, processType, number = '1'] = /^(.+?)(?:\.(\d+))?$/.exec(process ?? '') ?? [];
  const index = Number(number);
  const found = await db.instance.findMany({
    where: {
      ...{ appId, state: { not: 'down' }, containerId: { not: null } },
      ...(processType === undefined ? {} : { processType, index }),
    },
    orderBy: [{ index: 'asc' }, { createdAt: 'desc' }],
  });
  const one = found.find((row) => row.processType === 'web') ?? found[0];
  if (one?.containerId)
    return { process: `${one.processType}.${one.index}`, containerId: one.containerId, oneOffId: undefined };
  if (processType === undefined) return undefined;
  const oneOff = await db.oneOff.findFirst({ where: { appId, processType, number: index, status: 'running' } });
  return oneOff ? { process: `${processType}.${index}`, containerId: undefined, oneOffId: oneOff.id } : undefined;
}
