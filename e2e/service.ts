import { until } from '../packages/daemon/test/until.js';
import { askApi } from './berth.js';
import { credentials } from './credentials.js';

/** The remote of a service's pipeline. */
export const remoteOf = (service: string) => `${credentials.gitUrl}/default/${service}.git`;

/** A service of team `default`: its pipeline, and in production an app of the same name. */
export async function createService(service: string): Promise<void> {
  const { id: app } = await askApi('POST', '/apps', { name: service });
  await askApi('POST', '/pipelines', { name: service, team: 'default' });
  await askApi('POST', '/pipeline-couplings', { app, pipeline: service, stage: 'production' });
}

/** Removes what is left of it. */
export async function deleteService(service: string): Promise<void> {
  await askApi('DELETE', `/apps/${service}`).catch(() => {});
  await askApi('DELETE', `/pipelines/${service}`).catch(() => {});
}

export interface ProjectEnvironment {
  id: string;
  status: string;
  message: string | null;
  services: { service: string; app: { id: string; name: string }; web_url: string; commit: string }[];
  fallbacks: { service: string; app: { name: string } }[];
}

/** A project environment with one service of its own upon production, as soon as it is ready. */
export async function createProjectEnvironment(
  name: string,
  own: { service: string; branch?: string },
  data?: object,
): Promise<ProjectEnvironment> {
  const { environment: base } = await askApi('GET', `/apps/${own.service}`);
  await askApi('POST', '/environments', { name, base: base.name, services: [own], data });
  return until(
    `${name} is ready`,
    async () => {
      const seen: ProjectEnvironment = await askApi('GET', `/environments/${name}`);
      if (seen.status === 'failed') throw new Error(`${name}: ${seen.message}`);
      return seen.status === 'ready' && seen;
    },
    240_000,
    100,
  );
}
