import type { PlannedGroup } from '@berth/domain/plan-rollout';
import { parseSize } from '@berth/domain/sizes';
import type { GroupSpec } from '@berth/engine/interface';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { instanceEnv, webPort } from './instance-env.js';

/** One instance for the engine. Its environment has its own name (DYNO), so there is a spec per index. */
export function groupSpec(work: ReleaseWork, rolloutId: string, group: PlannedGroup, index: number): GroupSpec {
  const { memoryBytes, cpuShares, pidsMax } = parseSize(group.size);
  const port = group.isRouted ? webPort : undefined;
  return {
    appId: work.app.id,
    appName: work.app.name,
    environmentId: work.app.environmentId,
    rolloutId,
    releaseVersion: work.release.version,
    processType: group.processType,
    image: { repository: work.image.repository, digest: group.imageDigest ?? work.image.digest },
    command: group.command,
    argv: group.argv,
    env: instanceEnv(work, `${group.processType}.${index}`, port),
    memoryBytes,
    cpuShares,
    pidsMax,
    ...(port ? { port } : {}),
  };
}
