import { UserError } from '@berth/domain/errors';
import type { Healthcheck } from '@berth/domain/process-type';
import { describeCheck } from './describe-check.js';
import { describeSockets } from './describe-sockets.js';
import { showLastLines } from './explain-crash.js';
import { webPort } from './instance-env.js';
import type { Say } from './release-output.js';
import type { Releaser } from './releaser.js';
import type { Started } from './steps/start-instances.js';

/** Why an instance that runs did not become healthy, in one sentence: its sockets first, then HAProxy's last check. */
export async function explainUnhealthy(
  releaser: Releaser,
  started: Started,
  server: { lastCheck: string | null } | undefined,
  health: Healthcheck,
  say: Say,
): Promise<UserError> {
  const sockets = describeSockets(await releaser.engine.listeningSockets(started), webPort);
  await showLastLines(releaser, started, say);
  const within = `within ${health.timeoutMs / 1000} s`;
  if (sockets && sockets.is !== 'none') return wrongPort(started, sockets.words);
  const why = sockets ? `it ${sockets.words}` : describeCheck(server?.lastCheck ?? null, health);
  return new UserError('instance_unhealthy', `${started.name} did not become healthy ${within}: ${why}.`);
}

/** A server that listens on its port on the loopback only will never listen elsewhere: that needs no waiting. */
export async function findLoopbackOnly({ engine }: Releaser, started: Started): Promise<UserError | undefined> {
  const sockets = describeSockets(await engine.listeningSockets(started).catch(() => []), webPort);
  return sockets?.is === 'loopback' ? wrongPort(started, sockets.words) : undefined;
}

const wrongPort = (started: Started, words: string) =>
  new UserError('instance_wrong_port', `${started.name} ${words}.`);
