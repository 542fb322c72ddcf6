import type { Fail } from './berth-yaml.js';
import type { BerthYamlFile } from './berth-yaml-schema.js';
import type { RunOverride } from './run-settings.js';

type Section = NonNullable<BerthYamlFile['environments']>[string];

/** What the sections of `environments` say. An agent that is only there needs a command. */
export function toEnvironments(
  { environments = {}, agents = {} }: BerthYamlFile,
  fail: Fail,
): Record<string, RunOverride> {
  for (const [environment, section] of Object.entries(environments))
    for (const [name, about] of Object.entries(section.agents ?? {})) {
      const isComplete =
        about === null || typeof about === 'string' || about.command !== undefined || Object.hasOwn(agents, name);
      if (!isComplete)
        throw fail(
          ['environments', environment, 'agents', name],
          `the agent "${name}" has no command here nor at the top.`,
        );
    }
  return Object.fromEntries(Object.entries(environments).map(([name, section]) => [name, toOverride(section)]));
}

function toOverride({ processes, release, agents, cron, healthcheck }: Section): RunOverride {
  const { timeout, ...check } = healthcheck ?? {};
  return {
    ...(processes ? { processes: withCommands(processes) } : {}),
    ...(release === undefined ? {} : { release }),
    ...(agents ? { agents: withCommands(agents) } : {}),
    ...(cron ? { cron } : {}),
    ...(healthcheck
      ? { healthcheck: { ...check, ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }) } }
      : {}),
  };
}

/** `web: node server.js` is `web: { command: node server.js }`. */
const withCommands = <About>(map: Record<string, string | About>): Record<string, About | { command: string }> =>
  Object.fromEntries(
    Object.entries(map).map(([name, about]) => [name, typeof about === 'string' ? { command: about } : about]),
  );
