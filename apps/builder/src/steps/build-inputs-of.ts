import { createHash } from 'node:crypto';
import type { BuildInputs } from '@berth/domain/image-labels';
import type { RunningBuild } from '../running-build.js';
import type { Dependencies } from './make-dependencies.js';
import type { PlannedBuild } from './plan-build.js';

/** What the image was made of, for its provenance record; of config vars the names only. */
export function buildInputsOf(
  { config }: RunningBuild,
  { plan, version, openTelemetry, tools, view }: PlannedBuild,
  { key }: Dependencies,
): BuildInputs {
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  const files = Object.entries(view.texts).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    buildpack: `${plan.buildpack.name}@${plan.buildpack.version}`,
    tools: [
      // Otherwise it is the runtime of the image, which says so itself.
      ...(plan.serve ? [`${plan.runtime.name}@${version}`] : []),
      ...(openTelemetry ? [`opentelemetry-javaagent@${openTelemetry.config.labels['berth.version']}`] : []),
      ...tools.map(({ about }) => `${about.name}@${about.version}`),
    ],
    ...(key === undefined ? {} : { dependenciesKey: key }),
    files: Object.fromEntries(files.map(([path, text]) => [path, digest(text)])),
    configNames: Object.keys(config).sort(),
    ...(plan.fetchedBuildpacks?.length ? { fetchedBuildpacks: [...plan.fetchedBuildpacks] } : {}),
  };
}
