import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { BuildPlan } from '../build-plan.js';
import { planProcesses } from '../plan-processes.js';
import type { SourceView } from '../source-view.js';
import { javaBuildTool } from './build-tool.js';
import { javaWish } from './java-wish.js';
import { planGradle } from './plan-gradle.js';
import { planMaven } from './plan-maven.js';
import { readPoms } from './read-pom.js';

const version = '1';

/** Decides everything about the build of a Java app; pure. */
export function planJava(view: SourceView, settings: BerthYaml): BuildPlan {
  const isMaven = javaBuildTool(view) === 'maven';
  const poms = isMaven ? readPoms(view) : [];
  const { build, tools, start, leaveOut, warnings } = isMaven
    ? planMaven(view, settings, poms)
    : planGradle(view, settings);
  const processes = planProcesses(view, settings, start);
  // `java -cp target/classes:…` in a Procfile
  const isRun = (glob: string) => processes.some(({ command }) => command.includes(glob.replace(/^\*\*\//, '')));
  return {
    buildpack: { name: 'java', version },
    runtime: { name: 'java', ...javaWish(view, settings, poms) },
    tools,
    // Packages go into the jar, and the jar into the code layer: what a build downloads stays on the app's cache disk.
    dependencies: undefined,
    build,
    leaveOut: [...sources, ...leaveOut].filter((glob) => !isRun(glob)),
    caches: [],
    processes,
    healthcheck: settings.healthcheck,
    env: {},
    warnings,
  };
}

/** Not src/main/resources and src/main/webapp: some apps serve files straight from there. */
const sources = ['**/src/{main,test}/{java,kotlin,groovy,scala}', '**/src/test'];
