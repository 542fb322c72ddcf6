import { TransientError } from '@berth/domain/errors';
import { hasAddOn } from '@berth/platform/add-ons/has-add-on';
import type { Releaser } from '../releaser.js';
import { type DataServer, onServer } from './data-server.js';

/** A server that is away has no transactions: it is not waited for. */
const patienceMs = 0;
const query_timeout = 2_000;

/** Whether an instance of the app has a transaction open on our data server. One elsewhere cannot be known. */
export async function hasOpenTransaction(
  { platform, engine, data }: Pick<Releaser, 'platform' | 'engine' | 'data'>,
  appId: string,
): Promise<boolean> {
  if (!data || !(await hasAddOn(platform, { appId }))) return false;
  const addresses = (await engine.listInstances({ appId })).flatMap(({ address }) => (address ? [address] : []));
  return isAnyOpen(data, addresses).catch((error: unknown) => {
    if (error instanceof TransientError) return false;
    throw error;
  });
}

function isAnyOpen(data: DataServer, addresses: readonly string[]): Promise<boolean> {
  const sql = 'SELECT 1 FROM pg_stat_activity WHERE xact_start IS NOT NULL AND host(client_addr) = ANY ($1) LIMIT 1';
  const look = async (client: Parameters<Parameters<typeof onServer>[2]>[0]) =>
    Boolean((await client.query(sql, [addresses])).rowCount);
  return onServer(data, { database: 'postgres', query_timeout }, look, patienceMs);
}
