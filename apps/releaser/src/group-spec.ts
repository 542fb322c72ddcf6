import type { PlannedGroup } from '@berth/domain/plan-rollout';
import { parseSize } from '@berth/domain/sizes';
import type { AgentSpec, GroupSpec } from '@berth/engine/interface';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { imageRef } from './image-ref.js';
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
    image: imageRef(work.image, group.imageDigest),
    command: group.command,
    argv: group.argv,
    volumes: work.app.volumes,
    agents: agentsOf(work, group.processType),
    runtime: work.image.runtime,
    env: instanceEnv(work, `${group.processType}.${index}`, port),
    memoryBytes,
    cpuShares,
    pidsMax,
    isHeld: work.app.debugUntil !== null,
    ...(port ? { port } : {}),
  };
}

/** The agents that run beside a process type, in their order. */
function agentsOf({ image }: ReleaseWork, processType: string): AgentSpec[] {
  return image.agents
    .filter(({ processes }) => processes?.includes(processType) ?? true)
    .map(({ name, command }) => ({ name, command }));
}
