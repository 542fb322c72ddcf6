import { toFinalError } from '@berth/jobs/to-final-error';
import type { JobContext } from '@berth/jobs/work';
import { failBuild } from '@berth/platform/builds/fail-build';
import { finishBuild } from '@berth/platform/builds/finish-build';
import { saveBuildPeak } from '@berth/platform/builds/save-build-peak';
import { startBuild } from '@berth/platform/builds/start-build';
import type { NewImage } from '@berth/platform/images/put-image';
import { withStep } from '@berth/platform/steps/with-step';
import type { Builder } from './builder.js';
import { buildDockerfile } from './dockerfile/build-dockerfile.js';
import { openRunningBuild, type RunningBuild, type RunStep } from './running-build.js';
import { fetchFiles } from './steps/fetch-files.js';
import { makeDependencies } from './steps/make-dependencies.js';
import { makeImage } from './steps/make-image.js';
import { type PlannedBuild, planBuild } from './steps/plan-build.js';
import { runBuildScript } from './steps/run-build-script.js';

/** The workflow of one build. A run after a kill -9 at any line starts clean and comes to the same end. */
export async function runBuild(builder: Builder, { buildId }: { buildId: string }, context: JobContext): Promise<void> {
  const { platform } = builder;
  const { lease } = context;

  const work = await builder.admission.admit(buildId, () => startBuild(platform, { buildId, lease }));
  if (!work) return;
  const build = await openRunningBuild(builder, work, context);
  const step = <T>(name: string, body: () => Promise<T>) => {
    build.signal.throwIfAborted();
    return withStep(platform, { buildId }, name, body);
  };
  let files: Awaited<ReturnType<typeof fetchFiles>> | undefined;
  try {
    files = await step('fetch source', () => fetchFiles(build));
    const planned = await planBuild(build, files);
    const image =
      'dockerfile' in planned
        ? await buildDockerfile(build, planned, step)
        : await buildByBuildpack(build, planned, step);
    await build.output.end();
    build.signal.throwIfAborted();
    await finishBuild(platform, { buildId, lease, image });
  } catch (thrown) {
    const error = toFinalError(thrown, { ...context, signal: build.signal }, builder.logger);
    build.output.fail(error.message);
    await build.output.end();
    await failBuild(platform, { buildId, lease, error });
  } finally {
    await build.close();
    await files?.close();
    await keepPeak(build, context);
  }
}

async function buildByBuildpack(build: RunningBuild, planned: PlannedBuild, step: RunStep): Promise<NewImage> {
  const dependencies = await step('dependencies', () => makeDependencies(build, planned));
  const built =
    planned.plan.build.length > 0
      ? await step('build script', () => runBuildScript(build, planned, dependencies))
      : planned;
  return step('image', () => makeImage(build, built, dependencies));
}

/** What the build's jail took tells when the next one may start beside others. */
async function keepPeak({ builder, build, jail }: RunningBuild, { lease }: JobContext): Promise<void> {
  const peakBytes = jail.peakBytes();
  if (peakBytes === undefined) return;
  await saveBuildPeak(builder.platform, { buildId: build.id, lease, peakBytes }).catch((error) =>
    builder.logger.warn({ err: error }, 'peak of a build'),
  );
}
