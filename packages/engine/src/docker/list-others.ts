import type { OtherContainer } from '@berth/domain/meter-usage';
import type { DockerHost } from './docker-host.js';
import { label, labelFilter } from './labels.js';

/** What runs for apps beside their instances. */
export async function listOthers(host: DockerHost): Promise<OtherContainer[]> {
  const [oneOffs, servers] = await Promise.all([
    host.docker.listContainers({ filters: labelFilter(host, 'oneoff') }),
    host.docker.listContainers({ filters: labelFilter(host, 'redis') }),
  ]);
  return [
    ...oneOffs.map(({ Id, Labels }) => ({ containerId: Id, appId: Labels[label.app] ?? '' })),
    ...servers.map(({ Id, Labels }) => ({ containerId: Id, redisKey: Labels[label.key] ?? '' })),
  ];
}
