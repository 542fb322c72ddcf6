import { publicError, UserError } from '@berth/domain/errors';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { readConfigVars } from '../config-layers/read-config.js';
import { listStages } from '../lines/list-stages.js';
import { lockApp } from '../lock-app.js';
import { orNotYet } from '../or-not-yet.js';
import { type Platform, transaction } from '../platform.js';
import { endOpenSteps } from '../steps/end-open-steps.js';
import { moveBuild } from './move-build.js';

/** Everything that the builder needs; `config` holds secrets. */
export interface BuildWork {
  build: { id: string };
  app: {
    id: string;
    name: string;
    repositoryId: string;
    teamId: string;
    environmentId: string;
    /** Names of its team's stable environments. */
    stages: string[];
    /** As people named them; none: detected. */
    buildpacks: string[];
  };
  source: { commit: string; message: string; digest: string; sizeBytes: number };
  config: Record<string, string>;
}

/**
 * The builder takes up a build: it is running from here, also when it was before and its worker was killed.
 * Undefined: it is over (cancelled), or something newer was accepted and it is superseded now.
 * Throws NotYetError while another build of the app is still running.
 */
export function startBuild(
  platform: Platform,
  { buildId, lease }: { buildId: string; lease: Lease },
): Promise<BuildWork | undefined> {
  return orNotYet(() =>
    transaction(platform, async (tx, after) => {
      await assertLease(tx, lease);
      const found = await tx.build.findUnique({ where: { id: buildId }, select: { appId: true } });
      if (!found) return undefined;
      const app = await lockApp(tx, found.appId);
      const build = await tx.build.findUniqueOrThrow({ where: { id: buildId }, include: { source: true } });
      const config = await readConfigVars(platform, tx, app.id).catch(toUserError);
      if (config instanceof UserError) {
        const error = publicError(config, '');
        const moved = await moveBuild(tx, after, { buildId, to: 'failed', error });
        if (moved) after.lines.push({ appId: app.id, process: 'build', text: `Build failed: ${error.message}` });
        return undefined;
      }
      if (build.status !== 'running') {
        const isOver = app.destroyedAt ? 'cancelled' : app.lastAccepted > build.accepted ? 'superseded' : undefined;
        const moved = await moveBuild(tx, after, { buildId, to: isOver ?? 'running' });
        if (!moved || isOver) return undefined;
      }
      await endOpenSteps(tx, { buildId }, 'Interrupted; it was started again.');
      const { commit, message, digest, sizeBytes } = build.source;
      const { id, name, repositoryId, teamId, environmentId, buildpacks } = app;
      const stages = (await listStages(tx, teamId)).map((stage) => stage.name);
      return {
        build: { id: buildId },
        app: { id, name, repositoryId, teamId, environmentId, stages, buildpacks },
        source: { commit, message, digest, sizeBytes },
        config,
      };
    }),
  );
}

/** A reference in the config that leads nowhere; anything else is thrown on. */
function toUserError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}
