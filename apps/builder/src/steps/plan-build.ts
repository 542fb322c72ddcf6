import type { BuildPlan } from '@berth/buildpacks/build-plan';
import type { Buildpack } from '@berth/buildpacks/buildpack';
import {
  checkSubmodules,
  isLfsPointer,
  lfsError,
  lfsPointerBytesMax,
  mayHaveLfsPointers,
} from '@berth/buildpacks/check-source';
import { addClassic } from '@berth/buildpacks/classic/add-classic';
import { finishProcesses } from '@berth/buildpacks/finish-processes';
import { buildpacks, pickBuildpacks } from '@berth/buildpacks/pick-buildpack';
import type { AppSettings } from '@berth/buildpacks/read-app-files';
import { decisiveFiles, type SourceView } from '@berth/buildpacks/source-view';
import { TransientError, UserError } from '@berth/domain/errors';
import type { FileTree } from '@berth/images/file-tree';
import type { PushedImage } from '@berth/images/push-image';
import type { CompileAgent } from '@berth/propagation/java-agent';
import { type RuntimeName, runtimes } from '@berth/runtimes/catalogue';
import { type Tool, toolDefaults } from '@berth/runtimes/npm/tools';
import { compileJavaAgent } from '../compile-java-agent.js';
import { type PlannedDockerfile, planDockerfile } from '../dockerfile/plan-dockerfile.js';
import type { RunningBuild } from '../running-build.js';
import { setFirstConfig } from '../set-first-config.js';
import { readSettings } from './read-settings.js';

/** What is to be done, and upon what. */
export interface PlannedBuild {
  plan: BuildPlan;
  settings: AppSettings;
  /** The app's files: the source, or the directory of it that berth.yaml names. */
  files: FileTree;
  view: SourceView;
  stack: PushedImage;
  buildpack: Buildpack;
  runtime: PushedImage;
  /** The exact version of the runtime. */
  version: string;
  /** What the image gets above the stack: that runtime, or the one that serves what was built with it (BuildPlan.serve). */
  base: { name: RuntimeName; version: string; wish: string | undefined; image: PushedImage };
  /** What carries the environment's mark through the app's processes, if their runtime has such a thing. */
  propagator: PushedImage | undefined;
  /** OpenTelemetry's agent, for an app that asks for it in place of ours. */
  openTelemetry: PushedImage | undefined;
  /** With an image: its layers go into the app's. */
  tools: readonly { about: Tool; image: PushedImage | undefined }[];
}

/** Decides what the build does; refuses a source that cannot be built, with the reason. */
export async function planBuild(build: RunningBuild, source: FileTree): Promise<PlannedBuild | PlannedDockerfile> {
  const { bases } = build.builder;
  const top = await readView(source);
  checkSubmodules(top);
  if (mayHaveLfsPointers(top)) await checkLfsPointers(source);
  const { settings, root, view: own } = await readSettings(build, top);
  if (settings.propagation && settings.dockerfile) throw notJava(settings.propagation);
  if (settings.dockerfile)
    return planDockerfile(
      build,
      { settings, view: own, files: root ? source.below(root) : source },
      settings.dockerfile,
    );
  const { buildpack, custom } = pickBuildpacks(own, { ...settings, ...(root ? { root } : {}) }, build.app.buildpacks);
  const member = root && buildpack.needsWhole?.(top, root) ? root : undefined;
  const view = member ? withProcfileOf(top, own) : own;
  const wished = buildpack.plan(view, settings, member);
  const { processes, warnings } = finishProcesses(wished.processes, settings);
  const plan = addClassic({ ...wished, processes, warnings: [...wished.warnings, ...warnings] }, custom);
  await setFirstConfig(build, plan.wantedConfig ?? [], `the buildpack ${plan.buildpack.name}`);
  const { name, wish, wishFrom } = plan.runtime;
  const version = await bases.resolve(name, wish);
  const { title } = runtimes[name];
  build.output.title(`${title} app: ${title} ${version} (${wishFrom ? `${wishFrom}: ${wish}` : 'the default'})`);
  const about = await bases.warnings(name, wish, version);
  for (const warning of [...about, ...plan.warnings]) build.output.say(`Warning: ${warning}`);
  const [stack, runtime, tools] = await Promise.all([
    bases.stack(),
    bases.runtime(name, version),
    toolsOf(build, plan),
  ]);
  const base = await baseOf(build, plan, { name, version, wish, image: runtime });
  const openTelemetry = await openTelemetryOf(build, settings, base);
  const propagator = await propagatorOf(build, base, tools);
  const files = root && !member ? source.below(root) : source;
  const carriers = { propagator, openTelemetry };
  return { plan, settings, files, view, buildpack, stack, runtime, version, base, ...carriers, tools };
}

async function baseOf(
  { builder, output }: RunningBuild,
  { serve }: BuildPlan,
  runtime: PlannedBuild['base'],
): Promise<PlannedBuild['base']> {
  if (!serve) return runtime;
  const { runtime: name, folder } = serve;
  const version = await builder.bases.resolve(name, undefined);
  output.say(`${folder}/ is served by ${runtimes[name].title} ${version}; nothing else is in the image.`);
  return { name, version, wish: undefined, image: await builder.bases.runtime(name, version) };
}

/** An app without it runs, and only loses the mark: what goes wrong in here stops no build. */
async function propagatorOf(
  build: RunningBuild,
  { name, version }: PlannedBuild['base'],
  tools: PlannedBuild['tools'],
): Promise<PushedImage | undefined> {
  const { bases, logger } = build.builder;
  const compile: CompileAgent = async (files) => {
    const jdk = await bases.buildImage(
      name,
      version,
      tools.map(({ about }) => about),
    );
    return compileJavaAgent(build, jdk, files);
  };
  try {
    return await bases.propagator(name, compile);
  } catch (error) {
    build.signal.throwIfAborted();
    if (error instanceof TransientError) throw error;
    logger.error({ err: error, runtime: name }, 'no propagator');
    build.output.say(
      "Warning: the environment's mark is not carried on by this image: what does that could not be made.",
    );
    return undefined;
  }
}

async function openTelemetryOf(
  { builder, output }: RunningBuild,
  { propagation }: AppSettings,
  { name }: PlannedBuild['base'],
): Promise<PushedImage | undefined> {
  if (!propagation) return undefined;
  if (name !== 'java') throw notJava(propagation);
  output.say(
    "Warning: OpenTelemetry's agent tells the environment's name, and all other baggage, to every host that the app calls, keeps it in workers that a request starts, and makes the app's start some seconds longer (propagation in berth.yaml).",
  );
  return builder.bases.openTelemetry();
}

const notJava = (propagation: string) =>
  new UserError(
    'bad_request',
    `berth.yaml: propagation: ${propagation} is for Java apps that are built without a Dockerfile.`,
  );

/** A part of a greater whole is built from all of that, and starts what its own Procfile says. */
function withProcfileOf(top: SourceView, { texts }: SourceView): SourceView {
  const { Procfile: _, ...others } = top.texts;
  return { ...top, texts: texts.Procfile === undefined ? others : { ...others, Procfile: texts.Procfile } };
}

function toolsOf({ builder }: RunningBuild, plan: BuildPlan): Promise<PlannedBuild['tools'][number][]> {
  return Promise.all(
    plan.tools.map(async ({ name, version, isInImage }) => {
      const about = { name, version: version ?? toolDefaults[name] };
      return { about, image: isInImage ? await builder.bases.tool(about) : undefined };
    }),
  );
}

const textBytesMax = 16 * 1024 * 1024;

async function readView(source: FileTree): Promise<SourceView> {
  const files = [...source.entries.values()].filter((entry) => entry.type !== 'directory');
  const isDecisive = decisiveFiles(buildpacks.flatMap((buildpack) => buildpack.decisive));
  const decisive = files.filter(({ path, sizeBytes }) => isDecisive(path) && sizeBytes <= textBytesMax);
  const texts = await Promise.all(
    decisive.map(async ({ path }) => [path, (await source.read(path))?.toString() ?? ''] as const),
  );
  return { paths: files.map(({ path }) => path).sort(), texts: Object.fromEntries(texts) };
}

async function checkLfsPointers(source: FileTree): Promise<void> {
  for (const { path, type, sizeBytes } of source.entries.values()) {
    if (type !== 'file' || sizeBytes < 100 || sizeBytes > lfsPointerBytesMax) continue;
    if (isLfsPointer((await source.read(path))?.toString() ?? '')) throw lfsError(path);
  }
}
