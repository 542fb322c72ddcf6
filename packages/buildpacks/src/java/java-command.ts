import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { BuildCommand } from '../build-plan.js';

/** In the build image (packages/runtimes/files/java-build): gives a JVM what a jail has for it, then runs its arguments. */
const wrapper = 'berth-java';

/** berth.yaml's own command, or else the build tool's. */
export function javaCommand({
  settings,
  title,
  shown,
  argv,
}: {
  settings: BerthYaml;
  title: string;
  shown: readonly string[];
  argv: readonly string[];
}): BuildCommand {
  const own = settings.buildCommand;
  return own
    ? { title: `Running the build (${own})`, shown: own, argv: [wrapper, 'sh', '-c', own], env: {} }
    : { title, shown: shown.join(' '), argv: [wrapper, ...argv], env: {} };
}
