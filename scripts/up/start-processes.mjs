import { compose } from './compose.mjs';
import { Failure } from './failure.mjs';
import { waitFor } from './wait-for.mjs';

/**
 * Where each of our own processes says that it is well, on the platform network (last byte of its address, port, path).
 * @type {Record<string, [number, number, string]>}
 */
export const healthOf = {
  host: [20, 8001, '/health'],
  git: [21, 8000, '/health'],
  builder: [22, 8001, '/health'],
  releaser: [23, 8001, '/health'],
  'router-controller': [24, 8001, '/health'],
  api: [25, 8000, '/health'],
  dashboard: [26, 3000, '/sign-in'],
};

/**
 * Our own processes, up to the first good word of each, and the platform's port through HAProxy.
 * @type {import('./run-steps.mjs').Step}
 */
export const startProcesses = {
  name: 'processes',
  mend: 'npm run doctor says which of them is not well; its log: docker logs <container>',
  run: async ({ settings, engine, found, log }) => {
    await compose(settings, ['up', '-d'], log);
    const processes = Object.entries(healthOf);
    await Promise.all(
      processes.map(([name, where]) =>
        waitFor(`${name} was not well`, 60, () => askHealth(found.names.net, where)).catch(async (error) => {
          log(await lastLines(engine, settings.instance, name));
          throw error;
        }),
      ),
    );
    await waitFor('The router did not answer', 30, () => fetch(`http://127.0.0.1:${settings.chosen.BERTH_PORT}/`));
    return `${processes.length} of ours`;
  },
};

/**
 * @param {string} net first three bytes of the platform network
 * @param {[number, number, string]} where
 */
export async function askHealth(net, [address, port, path]) {
  const response = await fetch(`http://${net}.${address}:${port}${path}`, { signal: AbortSignal.timeout(2000) });
  if (response.status >= 400) throw new Failure(`status ${response.status}: ${(await response.text()).slice(0, 300)}`);
}

/**
 * @param {import('./engine.mjs').Engine} engine
 * @param {string} instance
 * @param {string} service
 */
async function lastLines(engine, instance, service) {
  const labels = [`berth.instance=${instance}`, `com.docker.compose.service=${service}`];
  const [container] = await engine.list('containers', labels);
  return container ? engine.lastLines(container.Id, 12) : `${service} has no container`;
}
