import type {
  RouteTable,
  SeenServer,
  ServerWanted,
  WantedBackend,
  WantedDetour,
  WantedEnvironment,
  WantedRoute,
  WantedServer,
} from '@berth/router/route-table';
import type { RouteSource } from '../src/route-source.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A route table made by hand: what the releaser's rows would be, without a database. */
export class MemorySource implements RouteSource {
  readonly environments = new Map<string, WantedEnvironment>();
  readonly routes = new Map<string, Mutable<WantedRoute>>();
  readonly backends = new Map<string, Mutable<Omit<WantedBackend, 'servers'>> & { servers: Mutable<WantedServer>[] }>();
  readonly detours: WantedDetour[] = [];
  onChange = () => {};

  async readTable(): Promise<RouteTable> {
    return structuredClone({
      environments: [...this.environments.values()],
      routes: [...this.routes.values()],
      backends: [...this.backends.values()],
      detours: this.detours.filter(({ leaseUntil }) => leaseUntil > Date.now()),
    });
  }

  async assignSlot({ rolloutId, slot }: { rolloutId: string; slot: string }): Promise<boolean> {
    const backend = this.backends.get(rolloutId);
    if (!backend || backend.slot || [...this.backends.values()].some((other) => other.slot === slot)) return false;
    backend.slot = slot;
    return true;
  }

  async freeSlot(rolloutId: string): Promise<void> {
    this.backends.delete(rolloutId);
  }

  async reportServers(seen: readonly SeenServer[]): Promise<void> {
    for (const report of seen) {
      const row = this.#server(report.instanceId);
      if (row) Object.assign(row, report);
    }
  }

  async reportApplied(applied: readonly { appId: string; version: number }[]): Promise<void> {
    for (const { appId, version } of applied) this.route(appId).appliedVersion = version;
  }

  route(appId: string): Mutable<WantedRoute> {
    const found = this.routes.get(appId);
    if (!found) throw new Error(`no route of ${appId}`);
    return found;
  }

  #server(instanceId: string): Mutable<WantedServer> | undefined {
    return [...this.backends.values()].flatMap(({ servers }) => servers).find((row) => row.instanceId === instanceId);
  }

  server(instanceId: string): Mutable<WantedServer> {
    const found = this.#server(instanceId);
    if (!found) throw new Error(`no server ${instanceId}`);
    return found;
  }

  addEnvironment(id: string, options: Partial<WantedEnvironment> = {}): void {
    this.environments.set(id, { id, name: id, teamId: 'team', baseId: null, subnet: null, ...options });
    this.onChange();
  }

  addApp(appId: string, options: Partial<WantedRoute> = {}): void {
    this.routes.set(appId, {
      appId,
      environmentId: 'production',
      hosts: [`${appId}.localhost`],
      service: appId,
      maintenance: false,
      version: 1,
      appliedVersion: 0,
      rolloutId: null,
      ...options,
    });
    this.onChange();
  }

  addRollout(appId: string, rolloutId: string, options: Partial<WantedBackend> = {}): void {
    this.backends.set(rolloutId, {
      rolloutId,
      appId,
      slot: null,
      healthPath: '/',
      healthStrict: false,
      isRetired: false,
      ...options,
      servers: [],
    });
    this.onChange();
  }

  addServer(
    rolloutId: string,
    instanceId: string,
    port: number,
    wanted: ServerWanted = 'probe',
    address = '127.0.0.1',
  ): void {
    this.backends.get(rolloutId)?.servers.push({
      instanceId,
      name: 'web.1',
      address,
      port,
      wanted,
      seen: 'unknown',
      lastCheck: null,
      openRequests: 0,
    });
    this.onChange();
  }

  want(instanceId: string, wanted: ServerWanted): void {
    this.server(instanceId).wanted = wanted;
    this.onChange();
  }

  change(appId: string, change: Partial<WantedRoute>): void {
    const route = this.route(appId);
    Object.assign(route, change, { version: route.version + 1 });
    this.onChange();
  }
}
