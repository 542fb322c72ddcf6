import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { Sources } from '@berth/runtimes/sources';
import type { BuildPlan } from './build-plan.js';
import type { SourceView } from './source-view.js';

/** How one language is built; pure. */
export interface Buildpack {
  name: string;
  /** For the sentence that says what was looked for: `package.json (Node.js)`. */
  looksFor: string;
  detect: (view: SourceView) => boolean;
  /** Names of files, in any directory, whose text `detect` and `plan` may read. `*.csproj` stands for an ending. */
  decisive: readonly string[];
  /** true: an app in this directory is built from the whole repository (a workspace), and `plan` sees all of that. */
  needsWhole?: (top: SourceView, root: string) => boolean;
  /** `member`: the app's directory in a repository of which it needs the whole. */
  plan: (view: SourceView, settings: BerthYaml, member?: string) => BuildPlan;
  /** Points the package managers of every command of a build at the installation's mirrors. */
  sourceEnv: (sources: Sources, view: SourceView) => Record<string, string>;
}
