import type { RolloutPlan } from '@berth/domain/plan-rollout';
import { listServers } from '@berth/platform/routes/list-servers';
import { explainCrash } from '../explain-crash.js';
import type { Say } from '../release-output.js';
import type { Releaser } from '../releaser.js';
import { waitUntil } from '../wait-until.js';
import type { Started } from './start-instances.js';

/** How long a debug deploy looks at what it has started, ms. */
const lookMs = 10_000;

/**
 * In place of the health gate while debug is on: looks for a while, says what it sees, and goes on whatever it is. Gives those that
 * run and are healthy: the router would wait with the switch for any other; the loop that heals brings in who comes later.
 */
export async function lookAtInstances(
  releaser: Releaser,
  options: { rolloutId: string; plan: RolloutPlan; started: Started[]; say: Say; signal: AbortSignal },
): Promise<Started[]> {
  const { rolloutId, plan, started, say, signal } = options;
  if (started.length === 0) return [];
  const startedAt = Date.now();
  const sick = async () => {
    const servers = plan.health ? await listServers(releaser.platform, { rolloutId }) : [];
    const isHealthy = (one: Started) =>
      servers.some((row) => row.instanceId === one.instanceId && row.seen === 'healthy');
    return started.filter((one) => one.isRouted && !isHealthy(one));
  };
  const ended = async () => {
    const containers = await releaser.engine.listInstances({ rolloutId });
    return started.flatMap((one) => {
      const container = containers.find((c) => c.processType === one.processType && c.index === one.index);
      return container?.state === 'exited' ? [{ one, container }] : [];
    });
  };
  const isClear = async () => {
    if ((await ended()).length > 0) return true;
    return ((await sick()).length === 0 && Date.now() - startedAt >= plan.stayUpMs) || undefined;
  };
  const topics = [`rollout:${rolloutId}`, 'instances'] as const;
  await waitUntil(releaser.platform, { topics, timeoutMs: lookMs, pollMs: 500, signal }, isClear);
  const crashed = await ended();
  for (const { one, container } of crashed) {
    const { message } = await explainCrash(releaser, one, container, say);
    say([` !     ${message}`, ` !     ${one.name} is held as it is, since debug is on.`]);
  }
  const running = started.filter((one) => !crashed.some((crash) => crash.one === one));
  const unhealthy = new Set(await sick());
  const names = running.filter((one) => unhealthy.has(one)).map(({ name }) => name);
  if (names.length > 0) say([` !     Not healthy yet: ${names.join(', ')}. Released all the same, since debug is on.`]);
  return running.filter((one) => !unhealthy.has(one));
}
