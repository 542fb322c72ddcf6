import type { WantedConfigVar } from '@berth/domain/app-json';
import type { FetchedBuildpack } from '@berth/domain/image-labels';
import type { Healthcheck, ProcessType } from '@berth/domain/process-type';
import type { RuntimeName } from '@berth/runtimes/catalogue';
import type { Tool } from '@berth/runtimes/npm/tools';
import type { UnpackPlan } from './node/plan-unpack.js';

/** One command of a build, run in the jail in the app's directory. */
export interface BuildCommand {
  /** `Installing dependencies (npm ci)` */
  title: string;
  /** What people read in place of `argv`, where that is a script of ours. */
  shown?: string;
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
}

/** A file that the install step sees; with `text` in place of the file's own content. */
export interface InstallFile {
  path: string;
  text?: string;
}

/** How the dependencies come about. */
export interface DependenciesPlan {
  /** The files that the install step may see; undefined: the whole source, and the layer is of this commit only. */
  files: readonly InstallFile[] | undefined;
  /** Why the layer is of this commit only; for people. */
  notSharedBecause?: string;
  /** Names of config vars that the package manager's settings name: all that the install step gets of them. */
  configNames: readonly string[];
  /**
   * Where an install puts packages. A bare name: directories of that name at any depth (`node_modules`); one that begins with
   * a dot or has a slash: that path below the app (`.venv`, `vendor/bundle`). All else that it writes is no dependency.
   */
  trees: readonly string[];
  /** The production tree, when it only has to be unpacked: no jail is needed for it. */
  unpack?: UnpackPlan | undefined;
  /** The same with dev dependencies. */
  unpackAll?: UnpackPlan | undefined;
  /** With dev dependencies, for the build script. */
  installAll: BuildCommand;
  /** What the image gets. */
  installProduction: BuildCommand;
  /**
   * Ends with 0 when an install that failed did so because the lockfile does not fit: then none ever works. It runs no scripts; of the
   * app's code only what the package manager itself loads, as in the install before (`.pnpmfile.cjs`, `yarnPath`, plugins). A further
   * install begins in a new directory.
   */
  isLockfileAtFault?: BuildCommand['argv'];
  /** Makes the production tree out of the full one; undefined when they are the same. */
  prune: BuildCommand | undefined;
}

/** A package manager or the like that comes beside the runtime. */
export interface ToolWish {
  name: Tool['name'];
  /** undefined: our default. */
  version: string | undefined;
  /** false: only in the jail. */
  isInImage: boolean;
}

/** What a build does, as data: made by a buildpack without any I/O, carried out by apps/builder. */
export interface BuildPlan {
  buildpack: { name: string; version: string };
  runtime: {
    name: RuntimeName;
    /** As the app says it: a range, `lts/*`, or nothing. */
    wish: string | undefined;
    /** Which file says so. */
    wishFrom: string | undefined;
  };
  tools: readonly ToolWish[];
  dependencies: DependenciesPlan | undefined;
  /** With the whole source and all dependencies, one after the other. */
  build: readonly BuildCommand[];
  /** Globs below the app's directory: what they match after the build, and what lies below, is not in the image. */
  leaveOut: readonly string[];
  /** Directories below the app that live on the app's cache disk, from one build to the next; never in the image. */
  caches: readonly string[];
  /** Directory below the app in which processes start; undefined is the app's own. */
  workingDir?: string | undefined;
  /** true: classic buildpacks are among the commands; they get the config vars as files and may name process types. */
  isClassic?: boolean;
  /** Which they were, once they have run; of those that came from elsewhere than the source. */
  fetchedBuildpacks?: readonly FetchedBuildpack[];
  /**
   * What the image runs, when that is not what built it: another runtime, and of all that the build left only this folder
   * (a path below the app's directory). The dependencies were for the build only.
   */
  serve?: { runtime: RuntimeName; folder: string } | undefined;
  processes: readonly ProcessType[];
  healthcheck: Healthcheck | undefined;
  /** Variables of the image, below the app's config vars. */
  env: Readonly<Record<string, string>>;
  /** Config vars that are set before the app's first release where nobody has set them. */
  wantedConfig?: readonly WantedConfigVar[];
  /** Sentences for the build's output. */
  warnings: readonly string[];
}
