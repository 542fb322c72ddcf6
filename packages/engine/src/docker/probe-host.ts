import type { HostNames } from '@berth/domain/host-names';
import type Docker from 'dockerode';
import { type HostFacts, resolversOf, routesOf } from '../host-facts.js';
import type { DockerSettings } from './docker-host.js';
import { runOnHostNetwork } from './host-network-container.js';

/** Asks the daemon and the host once, at start. */
export async function probeHost(docker: Docker, names: HostNames, settings: DockerSettings): Promise<HostFacts> {
  const [info, version] = await Promise.all([docker.info(), docker.version()]);
  const read = (path: string) => runOnHostNetwork({ docker, names, settings }, { argv: ['cat', path] }).catch(() => '');
  const routes = await read('/proc/net/route');
  const resolvConfs = [await read('/etc/resolv.conf'), await read('/host/run/systemd/resolve/resolv.conf')];
  const swaps = await read('/proc/swaps');
  const security: string[] = info.SecurityOptions ?? [];
  const has = (name: string) => security.some((option) => option.startsWith(`name=${name}`));
  return {
    engineVersion: version.Version,
    apiVersion: version.ApiVersion,
    kernelVersion: version.KernelVersion ?? '',
    cpus: info.NCPU,
    cgroupVersion: info.CgroupVersion === '2' ? 2 : 1,
    cgroupDriver: info.CgroupDriver === 'systemd' ? 'systemd' : 'cgroupfs',
    hasSwapLimit: info.SwapLimit === true,
    hasSwap: swaps.trim().split('\n').length > 1,
    hasAppArmor: has('apparmor'),
    hasSeccomp: has('seccomp'),
    isRootless: has('rootless'),
    isLiveRestoring: info.LiveRestoreEnabled === true,
    hasInit: (version.Components ?? []).some((part: { Name: string }) => part.Name === 'docker-init'),
    resolvers: resolversOf(resolvConfs),
    routes: routesOf(routes),
  };
}
