import type { AddOnStatus } from '@berth/domain/status';
import type { Actor } from '../actor.js';
import { type ProjectData, projectData } from '../add-ons/project-data.js';
import type { Platform } from '../platform.js';
import { getProjectFor } from './get-project-for.js';

/** What a service of a project environment has for data. */
export interface ProjectAddOn {
  service: string;
  /** Its config var is `<attachment>_URL`. */
  attachment: string;
  addOn: string;
  status: AddOnStatus;
  policy: 'share' | 'empty' | 'copy' | 'own';
  /** The base's add-on that it is, stands for or is a copy of; null: of the environment's own making. */
  base: string | null;
  /** SQL ran on the copy before anyone could connect. */
  isMasked: boolean;
}

/** The add-ons of a project environment's apps, with what became of the base's data. */
export async function listProjectData(
  { db }: Platform,
  { actor, environment: name }: { actor: Actor; environment: string },
): Promise<ProjectAddOn[]> {
  const environment = await getProjectFor(db, { actor, environment: name, right: 'team.view' });
  const attachments = await db.attachment.findMany({
    where: { app: { environmentId: environment.id, destroyedAt: null } },
    select: {
      name: true,
      app: { select: { name: true, pipeline: { select: { name: true } } } },
      addOn: { include: { app: { select: { environmentId: true } } } },
    },
    orderBy: [{ app: { name: 'asc' } }, { createdAt: 'asc' }],
  });
  const ids = attachments.flatMap(({ addOn }) => addOn.insteadOfId ?? []);
  const bases = await db.addOn.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  const data = projectData.parse(environment.data ?? {});
  return attachments.map(({ name: attachment, app, addOn }) => {
    const isOwn = addOn.app?.environmentId === environment.id;
    const base = isOwn ? (bases.find(({ id }) => id === addOn.insteadOfId)?.name ?? null) : addOn.name;
    return {
      ...{ service: app.pipeline?.name ?? app.name, attachment, addOn: addOn.name, status: addOn.status, base },
      policy: isOwn ? policyOf(data, base) : 'share',
      isMasked: addOn.maskScript !== null,
    };
  });
}

const policyOf = (data: ProjectData, base: string | null) =>
  base === null ? 'own' : (data.addOns[base]?.policy ?? data.policy);
