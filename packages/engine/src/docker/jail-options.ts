import type Docker from 'dockerode';
import { cgroupParent, initOf, memoryLimits } from '../host-facts.js';
import type { JailShape } from '../interface.js';
import type { Disk } from './disks.js';
import { caBundlePath, type DockerHost, unprivilegedUser } from './docker-host.js';
import { dockerfileJailOptions } from './dockerfile-jail-options.js';
import { type Labels, label, labelsOf } from './labels.js';
import { imageName } from './pull-image.js';

const MiB = 1024 * 1024;

export interface JailParts {
  jailId: string;
  network: string;
  workspace: Disk;
  cache: Disk;
}

/** How the container of a jail is created (facts: jail C): a holder that sleeps; commands come by exec. */
export function jailOptions(
  host: Pick<DockerHost, 'names' | 'settings' | 'facts'>,
  shape: JailShape,
  parts: JailParts,
): Docker.ContainerCreateOptions {
  const { Init, entrypoint } = initOf(host.facts);
  const labels = { [label.jail]: parts.jailId };
  return {
    name: `${host.names.instance}.jail.${parts.jailId}`,
    Hostname: 'build',
    Image: imageName(host, shape.image),
    Entrypoint: [...entrypoint, '/bin/sh', '-c'],
    Cmd: ['mkdir -p "$HOME" && exec sleep infinity'],
    User: unprivilegedUser,
    WorkingDir: '/workspace',
    // A home that exists and is writable is most of what package managers ask for.
    Env: ['HOME=/cache/home', `SSL_CERT_FILE=${caBundlePath}`, `NODE_EXTRA_CA_CERTS=${caBundlePath}`],
    Labels: labelsOf(host, 'jail', labels),
    HostConfig: {
      NetworkMode: parts.network,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      ...(shape.kind === 'dockerfile' ? dockerfileJailOptions(host.facts) : { SecurityOpt: ['no-new-privileges'] }),
      PidsLimit: shape.limits.pidsMax,
      ...memoryLimits(host.facts, shape.limits.memoryBytes),
      CpuShares: shape.limits.cpuShares,
      CgroupParent: cgroupParent(host.facts, host.names),
      Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
      Tmpfs: { '/tmp': `exec,size=${256 * MiB},mode=1777` },
      Init,
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'none', Config: {} },
      Binds: [`${host.settings.caBundle}:${caBundlePath}:ro`],
      Mounts: [
        diskMount('/workspace', parts.workspace, labelsOf(host, 'disk', labels)),
        diskMount('/cache', parts.cache, labelsOf(host, 'disk', labels)),
      ],
    },
  };
}

/** An unnamed volume on the loop device: the daemon mounts it at the container's start and it goes with the container. */
function diskMount(target: string, disk: Disk, labels: Labels) {
  return {
    Type: 'volume' as const,
    Target: target,
    Source: '',
    VolumeOptions: {
      NoCopy: true,
      Labels: labels,
      DriverConfig: { Name: 'local', Options: { type: 'ext4', device: disk.device, o: 'nosuid,nodev,relatime' } },
    },
  };
}
