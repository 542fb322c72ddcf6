import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { BuildCommand } from '../build-plan.js';
import { ownCommand } from '../own-command.js';

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
  return own ? ownCommand(own, { wrapper }) : { title, shown: shown.join(' '), argv: [wrapper, ...argv], env: {} };
}
