import { commandLine } from '@berth/router/command-line';
import { slotOf } from '@berth/router/gate';
import { type MapName, mapNames, parseMap } from '@berth/router/maps';
import type { Change, RouterState } from '@berth/router/plan-changes';
import { fingerprintVariable } from '@berth/router/render-config';
import { routerPaths } from '@berth/router/router-settings';
import { CommandRefused, RuntimeClient } from '@berth/router/runtime-client';
import { parseServers, type ServerState } from '@berth/router/server-state';
import { sessionsOf } from '@berth/router/sessions-of';
import { isSlot, type Stock, slotFits, slotKinds } from '@berth/router/slots';

/** What `show info` says about the worker we talk to. */
export interface WorkerInfo {
  /** Replaced by a reload: it only ends its requests. */
  isStopping: boolean;
  droppedLogs: number;
  /** What keeps a stopping worker alive: connections, ours among them. */
  jobs: number;
}

/**
 * One HAProxy worker as the controller knows it: what it held when we connected, kept up to date by what we told it since and
 * by looking again. Nothing here outlives the connection: a restarted HAProxy is read anew.
 */
export class Haproxy {
  readonly #dir: string;
  readonly #client: RuntimeClient;
  readonly #servers = new Map<string, ServerState[]>();
  readonly #maps: Record<MapName, Map<string, string>>;
  /** Of the configuration it has loaded. */
  readonly fingerprint: string;
  readonly stock: Stock;
  isFresh = true;

  private constructor(
    dir: string,
    client: RuntimeClient,
    read: Pick<Haproxy, 'fingerprint' | 'stock'> & {
      servers: ServerState[];
      maps: Record<MapName, Map<string, string>>;
    },
  ) {
    this.#dir = dir;
    this.#client = client;
    this.#maps = read.maps;
    this.fingerprint = read.fingerprint;
    this.stock = read.stock;
    for (const server of read.servers)
      this.#servers.set(server.slot, [...(this.#servers.get(server.slot) ?? []), server]);
  }

  /** Connects and reads everything. Throws TransientError when HAProxy does not answer. */
  static async open(dir: string): Promise<Haproxy> {
    const { adminSocket, map } = routerPaths(dir);
    const client = await RuntimeClient.open(adminSocket);
    try {
      const [environment, backends, states, stats, ...maps] = await Promise.all([
        client.run(`show env ${fingerprintVariable}`),
        client.run('show backend'),
        client.run('show servers state'),
        client.run('show stat -1 4 -1'),
        ...mapNames.map((name) => readMap(client, map(name))),
      ]);
      return new Haproxy(dir, client, {
        fingerprint: environment.split('=')[1]?.trim() ?? '',
        stock: countStock(backends),
        servers: parseServers(states, stats),
        maps: Object.fromEntries(mapNames.map((name, at) => [name, parseMap(maps[at] ?? '')])) as Record<
          MapName,
          Map<string, string>
        >,
      });
    } catch (error) {
      client.close();
      throw error;
    }
  }

  get isOpen(): boolean {
    return this.#client.isOpen;
  }

  get state(): RouterState {
    return { servers: [...this.#servers.values()].flat(), maps: this.#maps, isFresh: this.isFresh };
  }

  get slotsInUse(): string[] {
    return [...this.#servers.keys()].filter(isSlot);
  }

  /** False: a slot of a larger stock, which this worker did not load (the reload is to come, or this is an old worker). */
  #hasSlot(name: string): boolean {
    return !isSlot(name) || slotFits(name, this.stock);
  }

  /** Reads the servers of these slots anew. */
  async look(slots: Iterable<string>): Promise<void> {
    await Promise.all(
      [...slots]
        .filter((slot) => this.#hasSlot(slot))
        .map(async (slot) => {
          const [states, stats] = await Promise.all([
            this.#client.run(`show servers state ${slot}`),
            this.#client.run(`show stat ${slot} 4 -1`),
          ]);
          const servers = parseServers(states, stats);
          if (servers.length > 0) this.#servers.set(slot, servers);
          else this.#servers.delete(slot);
        }),
    );
  }

  /** Whether no request was open there at the last look, and none can be refused for a check: it may be frozen. */
  isQuiet(slot: string, openInOld: ReadonlyMap<string, number>): boolean {
    const servers = this.#servers.get(slot) ?? [];
    return servers.every(({ name, open, health }) => open + (openInOld.get(name) ?? 0) === 0 && health === 'off');
  }

  /** The changes that this worker can make. */
  possible(changes: readonly Change[]): Change[] {
    return changes.filter(
      (change) =>
        (!('slot' in change) || this.#hasSlot(change.slot)) &&
        (change.do !== 'put' || this.#hasSlot(slotOf(change.value) ?? change.value)),
    );
  }

  /**
   * Makes changes, in their order, and looks at what came of them. Returns what HAProxy refused: the next round sees the
   * state as it is and plans anew.
   */
  async apply(changes: readonly Change[]): Promise<CommandRefused[]> {
    const refused: CommandRefused[] = [];
    const touched = new Set<string>();
    await Promise.all(
      changes.map(async (change) => {
        if ('slot' in change) touched.add(change.slot);
        try {
          await this.#client.run(commandLine(this.#dir, change));
          this.#record(change);
        } catch (error) {
          if (!(error instanceof CommandRefused)) throw error;
          refused.push(error);
        }
      }),
    );
    await this.look(touched);
    return refused;
  }

  #record(change: Change): void {
    if (change.do === 'put') this.#maps[change.map].set(change.key, change.value);
    if (change.do === 'drop') this.#maps[change.map].delete(change.key);
  }

  /**
   * Ends the requests and tunnels that these servers have, one by one: a worker that was replaced by a reload does not do so by server
   * ("Proxy is disabled").
   */
  async endSessions(servers: ReadonlySet<string>): Promise<void> {
    for (const id of sessionsOf(await this.#client.run('show sess'), servers))
      await this.#client.run(`shutdown session ${id}`).catch((error: unknown) => {
        if (!(error instanceof CommandRefused)) throw error; // it has ended by itself
      });
  }

  readInfo(): Promise<WorkerInfo> {
    return readInfo(this.#client);
  }

  close(): void {
    this.#client.close();
  }
}

/** A map that its configuration does not have yet is empty: the reload that brings it is to come. */
async function readMap(client: RuntimeClient, path: string): Promise<string> {
  try {
    return await client.run(`show map ${path}`);
  } catch (error) {
    if (error instanceof CommandRefused) return '';
    throw error;
  }
}

async function readInfo(client: RuntimeClient): Promise<WorkerInfo> {
  const answer = await client.run('show info');
  const field = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(answer)?.[1]);
  return {
    isStopping: field('Stopping') === 1,
    droppedLogs: field('DroppedLogs'),
    jobs: field('Jobs') - field('Unstoppable Jobs'),
  };
}

function countStock(backends: string): Stock {
  const count = (kind: string) => backends.match(new RegExp(`^${kind}\\d+$`, 'gm'))?.length ?? 0;
  return Object.fromEntries(slotKinds.map((kind) => [kind, count(kind)])) as Stock;
}
