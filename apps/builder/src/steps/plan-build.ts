import type { BuildPlan } from '@berth/buildpacks/build-plan';
import {
  checkSubmodules,
  isLfsPointer,
  lfsError,
  lfsPointerBytesMax,
  mayHaveLfsPointers,
} from '@berth/buildpacks/check-source';
import { pickBuildpack } from '@berth/buildpacks/pick-buildpack';
import { belowRoot, isDecisive, type SourceView } from '@berth/buildpacks/source-view';
import { parseBerthYaml } from '@berth/domain/berth-yaml';
import { UserError } from '@berth/domain/errors';
import type { FileTree } from '@berth/images/file-tree';
import type { PushedImage } from '@berth/images/push-image';
import type { Tool } from '@berth/runtimes/npm/tools';
import { toolDefaults } from '@berth/runtimes/npm/tools';
import type { NodeRuntime } from '../bases.js';
import type { RunningBuild } from '../running-build.js';

/** What is to be done, and upon what. */
export interface PlannedBuild {
  plan: BuildPlan;
  /** The app's files: the source, or the directory of it that berth.yaml names. */
  files: FileTree;
  view: SourceView;
  stack: PushedImage;
  runtime: NodeRuntime;
  /** pnpm or yarn: also in the image, since a Procfile may say `yarn start`. npm is part of the runtime. */
  tool: { about: Tool; image: PushedImage } | undefined;
}

/** Decides what the build does; refuses a source that cannot be built, with the reason. */
export async function planBuild(build: RunningBuild, source: FileTree): Promise<PlannedBuild> {
  const { bases } = build.builder;
  const top = await readView(source);
  checkSubmodules(top);
  if (mayHaveLfsPointers(top)) await checkLfsPointers(source);
  const settings = parseBerthYaml(top.texts['berth.yaml'] ?? '');
  const view = belowRoot(top, settings.root);
  if (settings.root && view.paths.length === 0)
    throw new UserError('bad_request', `berth.yaml: there is no directory ${settings.root} in the repository.`);
  const buildpack = pickBuildpack(view, settings.root);
  const plan = buildpack.plan(view, settings);
  const version = await bases.nodeVersion(plan.runtime.wish);
  const from = plan.runtime.wishFrom ? `${plan.runtime.wishFrom}: ${plan.runtime.wish}` : 'the default';
  build.output.title(`${buildpack.title} app: ${buildpack.title} ${version} (${from})`);
  for (const warning of plan.warnings) build.output.say(`Warning: ${warning}`);
  const [stack, runtime, tool] = await Promise.all([bases.stack(), bases.nodeRuntime(version), toolOf(build, plan)]);
  return { plan, files: settings.root ? source.below(settings.root) : source, view, stack, runtime, tool };
}

async function toolOf({ builder }: RunningBuild, { tool }: BuildPlan): Promise<PlannedBuild['tool']> {
  if (tool.name === 'npm') return undefined;
  const about = { name: tool.name, version: tool.version ?? toolDefaults[tool.name] };
  return { about, image: await builder.bases.tool(about) };
}

const textBytesMax = 16 * 1024 * 1024;

async function readView(source: FileTree): Promise<SourceView> {
  const files = [...source.entries.values()].filter((entry) => entry.type !== 'directory');
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
