import type { EnvironmentKind } from '@berth/db/generated/client';
import type { Platform } from '../platform.js';
import { readProjectView } from '../projects/read-project-view.js';

/** A service that answers in an environment. */
export interface ReachableService {
  service: string;
  app: { id: string; name: string };
  /** False: the base answers for it. */
  isOwn: boolean;
}

/** By name. */
export async function listReachableServices(
  platform: Platform,
  { id, kind }: { id: string; kind: EnvironmentKind },
): Promise<ReachableService[]> {
  if (kind === 'stable') {
    const routes = await platform.db.route.findMany({
      where: { app: { environmentId: id, destroyedAt: null } },
      select: { service: true, app: { select: { id: true, name: true } } },
      orderBy: { service: 'asc' },
    });
    return routes.map((route) => ({ ...route, isOwn: true }));
  }
  const { services, fallbacks } = await readProjectView(platform, id);
  const own = services.map(({ service, app }) => ({ service, app, isOwn: true }));
  const others = fallbacks.flatMap(({ service, app }) => (app ? [{ service, app, isOwn: false }] : []));
  return [...own, ...others].sort((a, b) => (a.service < b.service ? -1 : 1));
}
