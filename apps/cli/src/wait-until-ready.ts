import { setTimeout as sleep } from 'node:timers/promises';
import { askApi } from './ask-api.js';
import type { ProjectEnvironment } from './project-environment.js';

const lookEveryMs = 500;

/** Looks until the environment is ready or has failed; `log` is told of each service that has got further. */
export async function waitUntilReady(name: string, log: (line: string) => void): Promise<ProjectEnvironment> {
  const seen = new Map<string, string>();
  for (;;) {
    const environment = await askApi<ProjectEnvironment>('GET', `/environments/${encodeURIComponent(name)}`);
    for (const { service, status } of environment.services) {
      if (seen.get(service) !== status) log(`${service} ${status}`);
      seen.set(service, status);
    }
    if (environment.status === 'ready' || environment.status === 'failed') return environment;
    await sleep(lookEveryMs);
  }
}
