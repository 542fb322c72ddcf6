import type { RouteTable } from '@berth/router/route-table';

/** Tells which app and which process a log line of HAProxy is about. */
export class AppIndex {
  readonly #bySlot = new Map<string, string>();
  #byHost = new Map<string, string>();
  readonly #names = new Map<string, string>();
  #crowded = new Set<string>();

  /** A slot keeps its app until it is lent again: lines come a little after the fact. */
  learn(table: RouteTable): void {
    for (const { slot, appId, servers } of table.backends) {
      if (slot) this.#bySlot.set(slot, appId);
      for (const { instanceId, name } of servers) this.#names.set(instanceId, name);
    }
    this.#crowded = new Set(table.backends.flatMap(({ slot, servers }) => (slot && servers.length > 0 ? slot : [])));
    this.#byHost = new Map(
      table.routes.flatMap(({ appId, hosts, environmentId, service }) => [
        ...hosts.map((host): [string, string] => [host, appId]),
        [`${environmentId}/${service}.internal`, appId] as [string, string],
      ]),
    );
    if (this.#names.size > 50_000) this.#names.clear(); // filled again by the next table
  }

  appOf({ slot, host, environmentId }: { slot: string; host: string; environmentId: string }): string | undefined {
    const name = host.toLowerCase().replace(/:\d+$/, '');
    return this.#bySlot.get(slot) ?? this.#byHost.get(name) ?? this.#byHost.get(`${environmentId}/${name}`);
  }

  /** `web.1` */
  nameOf(instanceId: string): string | undefined {
    return this.#names.get(instanceId);
  }

  /** Whether the app should have had an instance there. */
  hasInstances(slot: string): boolean {
    return this.#crowded.has(slot);
  }
}
