import type { HopEnd } from '@berth/domain/doctor-report';
import { contains } from '@berth/domain/subnet-pool';
import type { RouteTable, WantedServer } from '@berth/router/route-table';

const instancesMax = 50_000;

/** Tells which app and which process a log line of HAProxy is about. */
export class AppIndex {
  readonly #instances = new Map<string, { appId: string; name: string }>();
  #byHost = new Map<string, string>();
  #table: RouteTable | undefined;
  #crowded = new Set<string>();
  #baseOf = new Map<string, string>();
  #watched = new Set<string>();
  #setLearned = () => {};
  /** Resolves when the first table is known: until then nobody's lines can be told. */
  readonly learned = new Promise<void>((resolve) => {
    this.#setLearned = resolve;
  });

  /** An instance stays known after it has left the table: its last lines come a little later. */
  learn(table: RouteTable): void {
    this.#setLearned();
    this.#table = table;
    if (this.#instances.size > instancesMax) this.#instances.clear();
    for (const { appId, servers } of table.backends)
      for (const { instanceId, name } of servers) this.#instances.set(instanceId, { appId, name });
    this.#crowded = new Set(table.backends.flatMap(({ slot, servers }) => (slot && servers.length > 0 ? slot : [])));
    this.#baseOf = new Map(table.environments.flatMap(({ id, baseId }) => (baseId ? [[id, baseId]] : [])));
    this.#watched = new Set(table.routes.filter(({ gate }) => gate !== undefined).map(({ appId }) => appId));
    this.#byHost = new Map(
      table.routes.flatMap(({ appId, hosts, environmentId, service }) => [
        ...hosts.map((host): [string, string] => [host, appId]),
        [`${environmentId}/${service}.internal`, appId] as [string, string],
      ]),
    );
  }

  appOf({ server, host, environmentId }: { server: string; host: string; environmentId: string }): string | undefined {
    const name = host.toLowerCase().replace(/:\d+$/, '');
    return (
      this.#instances.get(server)?.appId ??
      this.#byHost.get(name) ??
      this.#byHost.get(`${environmentId}/${name}`) ??
      this.#byHost.get(`${this.#baseOf.get(environmentId)}/${name}`)
    );
  }

  /** `web.1` */
  nameOf(instanceId: string): string | undefined {
    return this.#instances.get(instanceId)?.name;
  }

  mayFallAsleep(appId: string): boolean {
    return this.#watched.has(appId);
  }

  /** Whether the app should have had an instance there. */
  hasInstances(slot: string): boolean {
    return this.#crowded.has(slot);
  }

  /** A web process's instance. Looks through the table, as the next ones do: they are for the few lines of probes. */
  endOf(instanceId: string): HopEnd | undefined {
    const found = this.#serverWhere((server) => server.instanceId === instanceId);
    const route = found && this.#table?.routes.find(({ appId }) => appId === found.appId);
    if (!found || !route) return undefined;
    const environment = this.#table?.environments.find(({ id }) => id === route.environmentId)?.name ?? '';
    return { environment, service: route.service, instanceId, process: found.server.name };
  }

  /** A machine that answered for a service, by a detour of the environment that has it or that the call was for. */
  detourEnd({ host, environmentId }: { host: string; environmentId: string }): HopEnd {
    const name = host.toLowerCase().replace(/:\d+$/, '');
    const own = this.#table?.routes.find(({ hosts }) => hosts.includes(name));
    const home = this.#table?.environments.find(({ id }) => id === (own?.environmentId ?? environmentId));
    const service = own?.service ?? name.replace(/\.internal$/, '');
    return { environment: home?.name ?? '', service, process: 'machine' };
  }

  addressOf(instanceId: string): string | undefined {
    return this.#serverWhere((server) => server.instanceId === instanceId)?.server.address;
  }

  /** Who calls from an address of an environment's network. */
  callerAt(address: string): HopEnd {
    const found = this.#serverWhere((server) => server.address === address && server.wanted !== 'gone');
    const known = found && this.endOf(found.server.instanceId);
    if (known) return known;
    const home = this.#table?.environments.find(({ subnet }) => subnet !== null && contains(subnet, address));
    return { environment: home?.name ?? '' };
  }

  #serverWhere(isIt: (server: WantedServer) => boolean): { appId: string; server: WantedServer } | undefined {
    for (const { appId, servers } of this.#table?.backends ?? []) {
      const server = servers.find(isIt);
      if (server) return { appId, server };
    }
    return undefined;
  }
}
