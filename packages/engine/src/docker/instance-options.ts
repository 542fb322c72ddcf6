import { createHash } from 'node:crypto';
import { containerLimits } from '@berth/domain/container-limits';
import type Docker from 'dockerode';
import { appsCgroupParent, initOf, memoryLimits } from '../host-facts.js';
import type { GroupSpec, OneOffSpec } from '../interface.js';
import { commandArgv } from './command-line.js';
import { caBundlePath, type DockerHost, unprivilegedUser } from './docker-host.js';
import { heldArgv } from './held-argv.js';
import { type Labels, label, labelsOf } from './labels.js';
import { imageName } from './pull-image.js';
import { supervisedArgv } from './supervised-argv.js';
import { volumeMounts } from './volumes.js';

const MiB = 1024 * 1024;

type Runnable = Omit<GroupSpec, 'rolloutId' | 'port'>;

/** How instance `index` of a group is created (facts: jail E). */
export function instanceOptions(
  host: Pick<DockerHost, 'names' | 'settings' | 'facts' | 'pool'>,
  group: GroupSpec,
  index: number,
  network: string,
): Docker.ContainerCreateOptions {
  const rollout = createHash('sha256').update(group.rolloutId).digest('hex').slice(0, 8);
  const options = commonOptions(host, group, network);
  return {
    ...options,
    // The name is for people, and makes a second start of the same instance a conflict.
    name: [host.names.instance, group.appName, group.processType, index, `v${group.releaseVersion}`, rollout].join('.'),
    Hostname: `${group.processType}-${index}`,
    Env: environment({
      ...limitsOf(host, group),
      ...group.env,
      ...(group.port === undefined ? {} : { PORT: String(group.port) }),
    }),
    Labels: labelsOf(host, 'instance', {
      ...containerLabels(group),
      [label.rollout]: group.rolloutId,
      [label.index]: String(index),
      ...(group.isHeld ? { [label.held]: 'yes' } : {}),
      ...(group.agents?.length ? { [label.agents]: group.agents.map(({ name }) => name).join(' ') } : {}),
    }),
    HostConfig: {
      ...options.HostConfig,
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } },
    },
  };
}

/** How a one-off is created: the same, but nobody keeps its output and it goes when it ends. */
export function oneOffOptions(
  host: Pick<DockerHost, 'names' | 'settings' | 'facts' | 'pool'>,
  spec: OneOffSpec,
  network: string,
): Docker.ContainerCreateOptions {
  const options = commonOptions(host, spec, network);
  return {
    ...options,
    Hostname: `${spec.processType}-1`,
    Env: environment({ ...limitsOf(host, spec), ...spec.env }),
    Labels: labelsOf(host, 'oneoff', { ...containerLabels(spec), [label.key]: spec.key }),
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: { ...options.HostConfig, LogConfig: { Type: 'none', Config: {} } },
  };
}

function commonOptions(
  host: Pick<DockerHost, 'names' | 'settings' | 'facts' | 'pool'>,
  spec: Runnable,
  network: string,
): Docker.ContainerCreateOptions {
  const { Init, entrypoint } = initOf(host.facts);
  const [program, ...args] = processArgv(spec);
  return {
    Image: imageName(host, spec.image),
    Entrypoint: [...entrypoint, program],
    Cmd: args,
    User: unprivilegedUser,
    HostConfig: {
      NetworkMode: network,
      Dns: [host.pool.routerGateway],
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      PidsLimit: spec.pidsMax,
      ...memoryLimits(host.facts, spec.memoryBytes),
      CpuShares: spec.cpuShares,
      CgroupParent: appsCgroupParent(host.facts, host.names),
      Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
      // Memory is lost when the process ends; what is held keeps /tmp among its files.
      Tmpfs: spec.isHeld ? {} : { '/tmp': `exec,size=${128 * MiB},mode=1777` },
      Init,
      RestartPolicy: { Name: 'no' },
      Mounts: volumeMounts(host, spec.volumes),
      Binds: [`${host.settings.caBundle}:${caBundlePath}:ro`],
    },
  };
}

function limitsOf({ facts }: Pick<DockerHost, 'facts'>, spec: Runnable): Record<string, string> {
  return containerLimits({ ...spec, hostCpus: facts.cpus });
}

function processArgv({ argv, command, agents = [], isHeld }: Runnable): readonly [string, ...string[]] {
  const main = argv ?? commandArgv(command);
  const whole = agents.length > 0 ? supervisedArgv(main, agents) : main;
  return isHeld ? heldArgv(whole) : whole;
}

/** docker-init signals the whole group when it finds this; the shell of a compound line and its command get SIGTERM both. */
function environment(env: Record<string, string>): string[] {
  return Object.entries({ TINI_KILL_PROCESS_GROUP: '1', ...env }).map(([key, value]) => `${key}=${value}`);
}

function containerLabels(spec: Runnable): Labels {
  return {
    [label.app]: spec.appId,
    [label.environment]: spec.environmentId,
    [label.process]: spec.processType,
    [label.release]: String(spec.releaseVersion),
  };
}
