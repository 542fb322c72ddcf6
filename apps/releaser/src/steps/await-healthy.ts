import { TransientError } from '@berth/domain/errors';
import type { RolloutPlan } from '@berth/domain/plan-rollout';
import { listServers } from '@berth/platform/routes/list-servers';
import { explainCrash } from '../explain-crash.js';
import { explainUnhealthy, findLoopbackOnly } from '../explain-unhealthy.js';
import type { Say } from '../release-output.js';
import type { Releaser } from '../releaser.js';
import { waitUntil } from '../wait-until.js';
import type { Started } from './start-instances.js';

/** From here on an instance that answers on the loopback only is told so, ms. */
const loopbackAfterMs = 4_000;
/** A router that has not even looked after this is worth a line in our log, ms. */
const uncheckedAfterMs = 10_000;

/**
 * Waits until HAProxy has seen every routed instance healthy and the others have stayed up. Throws a UserError with
 * the reason when one exits, or is not healthy in the health check's time.
 */
export async function awaitHealthy(
  releaser: Releaser,
  options: { rolloutId: string; plan: RolloutPlan; started: Started[]; say: Say; signal: AbortSignal },
): Promise<void> {
  const { rolloutId, plan, started, say, signal } = options;
  if (started.length === 0) return;
  const startedAt = Date.now();
  let isReported = false;
  const look = async () => {
    const [containers, servers] = await Promise.all([
      releaser.engine.listInstances({ rolloutId }),
      plan.health ? listServers(releaser.platform, { rolloutId }) : [],
    ]);
    await throwIfCrashed(releaser, started, containers, say);
    const age = Date.now() - startedAt;
    const waiting = started.find((one) => one.isRouted && serverOf(servers, one)?.seen !== 'healthy');
    if (!waiting && age >= plan.stayUpMs) return true;
    if (waiting && age > uncheckedAfterMs && !isReported && isUnchecked(serverOf(servers, waiting))) {
      isReported = true;
      releaser.logger.warn({ rolloutId, instance: waiting.name }, 'the router has not checked an instance yet');
    }
    const loopback = waiting && age > loopbackAfterMs ? await findLoopbackOnly(releaser, waiting) : undefined;
    if (loopback) throw loopback;
    return undefined;
  };
  const timeoutMs = Math.max(plan.health?.timeoutMs ?? 0, plan.stayUpMs + 1_000);
  const topics = [`rollout:${rolloutId}`, 'instances'] as const;
  if (await waitUntil(releaser.platform, { topics, timeoutMs, pollMs: 500, signal }, look)) return;

  const servers = await listServers(releaser.platform, { rolloutId });
  const sick = started.find((one) => one.isRouted && serverOf(servers, one)?.seen !== 'healthy');
  if (!sick || !plan.health) throw new TransientError('instances were not all up in time');
  const server = serverOf(servers, sick);
  if (isUnchecked(server)) throw new TransientError(`the router did not check ${sick.name}`);
  throw await explainUnhealthy(releaser, sick, server, plan.health, say);
}

const serverOf = <S extends { instanceId: string }>(servers: readonly S[], { instanceId }: Started) =>
  servers.find((server) => server.instanceId === instanceId);

const isUnchecked = (server: { seen: string } | undefined) => !server || server.seen === 'unknown';

type Containers = Awaited<ReturnType<Releaser['engine']['listInstances']>>;

async function throwIfCrashed(
  releaser: Releaser,
  started: readonly Started[],
  containers: Containers,
  say: Say,
): Promise<void> {
  for (const one of started) {
    const container = containers.find((c) => c.processType === one.processType && c.index === one.index);
    if (!container) throw new TransientError(`${one.name} of rollout ${one.rolloutId} is gone`);
    if (container.state === 'exited') throw await explainCrash(releaser, one, container, say);
  }
}
