import { EventEmitter, once } from 'node:events';
import { UserError } from '@berth/domain/errors';
import { NotYetError } from '@berth/jobs/not-yet';
import { type JobContext, work } from '@berth/jobs/work';
import { appendOutput, endOutput } from '@berth/logs/output';
import { failBuild } from '@berth/platform/builds/fail-build';
import { finishBuild } from '@berth/platform/builds/finish-build';
import { startBuild } from '@berth/platform/builds/start-build';
import type { Platform } from '@berth/platform/platform';
import { settleServices } from '@berth/platform/projects/settle-services';
import { beginRollout } from '@berth/platform/releases/begin-rollout';
import { failRelease } from '@berth/platform/releases/fail-release';
import { finishRelease } from '@berth/platform/releases/finish-release';
import { startRelease } from '@berth/platform/releases/start-release';

/**
 * Plays builder and releaser with the real jobs and use cases and no containers. The commit's message says how it goes:
 * "fail build", "fail release", "hold" (waits for `release()` before the build ends); anything else succeeds.
 */
export function startDeployer(platform: Platform) {
  const gate = new EventEmitter().setMaxListeners(0);
  const built: string[] = [];

  const runBuild = async ({ buildId }: { buildId: string }, { lease }: JobContext) => {
    const started = await startBuild(platform, { buildId, lease });
    if (!started) return;
    const { source } = started;
    // Before anybody is told that it has begun: a release that nobody waits for yet would be lost.
    const released = source.message.includes('hold') ? once(gate, 'release') : undefined;
    built.push(source.commit);
    const output = { noun: 'build', id: buildId } as const;
    await appendOutput(platform.redis, platform.instance, output, `-----> Building ${source.message}\n`);
    await released;
    await endOutput(platform.redis, platform.instance, output);
    if (source.message.includes('fail build')) {
      await failBuild(platform, {
        buildId,
        lease,
        error: { code: 'build_failed', message: 'The build script failed.' },
      });
      return;
    }
    const image = {
      digest: `sha256:${source.commit.padEnd(64, '0')}`,
      commit: source.commit,
      processTypes: [{ name: 'web', command: 'node index.js', singleton: false }],
      healthcheck: null,
      labels: source.message.includes('fail release') ? { buildpack: 'fails' } : {},
      sizeBytes: 1,
    };
    await finishBuild(platform, { buildId, lease, image });
  };

  const runRelease = async ({ releaseId }: { releaseId: string }, { lease }: JobContext) => {
    const started = await startRelease(platform, { releaseId, lease });
    if (!started) return;
    const { image } = await platform.db.release.findUniqueOrThrow({
      where: { id: releaseId },
      include: { image: true },
    });
    await endOutput(platform.redis, platform.instance, { noun: 'release', id: releaseId });
    if ((image?.labels as { buildpack?: string } | undefined)?.buildpack === 'fails') {
      const error = { code: 'instance_crashed', message: 'web.1 crashed.' };
      await failRelease(platform, { releaseId, lease, error });
      return;
    }
    const rollout = await beginRollout(platform, { releaseId, lease });
    if (rollout) await finishRelease(platform, { releaseId, rolloutId: rollout.rolloutId, lease });
  };

  const startEnvironment = async ({ environmentId }: { environmentId: string }, { lease }: JobContext) => {
    const open = await settleServices(platform, { environmentId, lease });
    if (open && open.length > 0) throw new NotYetError('under way', 50);
  };

  const { stop } = work({
    db: platform.db,
    redis: platform.redis,
    queue: platform.queue,
    instance: platform.instance,
    handlers: { 'build.run': runBuild, 'release.run': runRelease, 'environment.start': startEnvironment },
    concurrency: { 'build.run': 8, 'release.run': 8 },
    onError: (error, what) => {
      if (!(error instanceof UserError)) console.error('deployer', what, error);
    },
  });
  return {
    /** Commits whose build was started, in order. */
    built,
    /** Lets the builds that wait go on. */
    release: () => gate.emit('release'),
    /** Resolves when a build of this commit has begun. */
    hasStarted: async (commit: string) => {
      while (!built.includes(commit)) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    stop,
  };
}
