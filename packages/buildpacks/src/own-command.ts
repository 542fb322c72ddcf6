import type { BuildCommand } from './build-plan.js';

/**
 * The command that berth.yaml's `build` names, in the place of what a buildpack would run: the customer's shell line, inside the
 * jail. `wrapper` is the program of a build image that it runs below.
 */
export const ownCommand = (
  line: string,
  { wrapper, env = {} }: { wrapper?: string; env?: BuildCommand['env'] } = {},
): BuildCommand => ({
  title: `Running the build (${line})`,
  ...(wrapper ? { shown: line, argv: [wrapper, 'sh', '-c', line] } : { argv: ['sh', '-c', line] }),
  env,
});
