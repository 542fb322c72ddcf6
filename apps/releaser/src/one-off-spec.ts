import type { ProcessStart } from '@berth/domain/process-type';
import { parseSize } from '@berth/domain/sizes';
import type { OneOffSpec } from '@berth/engine/interface';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';
import { imageRef } from './image-ref.js';
import { instanceEnv } from './instance-env.js';

export interface OneOff extends ProcessStart {
  /** `cron.1`: its name in logs and as DYNO. */
  dyno: string;
  /** undefined: that of the environment's new processes. */
  size?: string | null | undefined;
  /** What it is run for: a second try with the same key removes what the first one left. */
  key: string;
  timeoutMs: number;
}

/** A command run once in a release's image and environment. */
export function oneOffSpec(work: ReleaseWork, { dyno, size, key, timeoutMs, ...start }: OneOff): OneOffSpec {
  const { app, image, release } = work;
  const { memoryBytes, cpuShares, pidsMax } = parseSize(size ?? app.firstSize);
  return {
    appId: app.id,
    appName: app.name,
    environmentId: app.environmentId,
    releaseVersion: release.version,
    processType: dyno.split('.')[0]!,
    key,
    image: imageRef(image, start.imageDigest),
    command: start.command,
    argv: start.argv,
    volumes: app.volumes,
    runtime: image.runtime,
    env: instanceEnv(work, dyno),
    ...{ memoryBytes, cpuShares, pidsMax, timeoutMs },
  };
}
