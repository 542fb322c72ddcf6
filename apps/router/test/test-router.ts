import { until } from '../../../packages/daemon/test/until.js';
import { MemorySource } from './memory-source.js';
import { startController, startHaproxy } from './real-router.js';
import { request } from './request.js';

/** HAProxy, a controller and a table made by hand, and the moves of a releaser. */
export async function startRouter(options: Parameters<typeof startHaproxy>[0] = {}) {
  const haproxy = await startHaproxy(options);
  const source = new MemorySource();
  let controller = startController(haproxy.settings, source);
  source.onChange = () => controller.ring();
  const isApplied = (appId: string) => source.route(appId).appliedVersion === source.route(appId).version;
  const router = {
    haproxy,
    source,
    settings: haproxy.settings,
    get controller() {
      return controller;
    },
    get: (host: string, more: Parameters<typeof request>[2] = {}) => request(haproxy.settings.appsPort, host, more),
    /** Start → healthy → ready. */
    bringIn: async (appId: string, rolloutId: string, ports: number[]) => {
      source.addRollout(appId, rolloutId);
      for (const [index, port] of ports.entries()) source.addServer(rolloutId, `${rolloutId}-${index}`, port);
      for (const index of ports.keys()) {
        await until(`${rolloutId} is healthy`, () => source.server(`${rolloutId}-${index}`).seen === 'healthy');
        source.want(`${rolloutId}-${index}`, 'ready');
      }
    },
    switchTo: async (appId: string, rolloutId: string | null) => {
      source.change(appId, { rolloutId });
      await until(`${rolloutId} is applied`, () => isApplied(appId), 30_000, 5);
    },
    /** An app with one rollout that serves. */
    deploy: async (appId: string, rolloutId: string, ports: number[]) => {
      if (!source.routes.has(appId)) source.addApp(appId);
      await router.bringIn(appId, rolloutId, ports);
      await router.switchTo(appId, rolloutId);
    },
    /** The old rollout's way out; `graceMs` as the releaser's grace for requests that do not end. */
    retire: async (rolloutId: string, graceMs = 5_000) => {
      const names = source.backends.get(rolloutId)?.servers.map(({ instanceId }) => instanceId) ?? [];
      for (const name of names) source.want(name, 'drain');
      await until('drained', () => names.every((name) => source.server(name).seen === 'drained'), graceMs).catch(
        () => {},
      );
      for (const name of names) source.want(name, 'gone');
      await until('gone', () => names.every((name) => source.server(name).seen === 'gone'));
      const backend = source.backends.get(rolloutId);
      if (backend) backend.isRetired = true;
      controller.ring();
      await until('the slot is free', () => !source.backends.has(rolloutId));
    },
    restartController: async () => {
      await controller.stop();
      controller = startController(haproxy.settings, source);
    },
    startController: () => {
      controller = startController(haproxy.settings, source);
    },
    stop: async () => {
      await controller.stop();
      await haproxy.stop();
    },
  };
  source.addApp('first');
  await until('HAProxy serves', () => isApplied('first'), 20_000);
  return router;
}
