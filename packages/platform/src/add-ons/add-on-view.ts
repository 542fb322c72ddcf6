import type { Prisma } from '@berth/db/generated/client';
import type { AddOnStatus } from '@berth/domain/status';
import { attachmentVar } from '../config-layers/attached-vars.js';

export interface AttachmentView {
  id: string;
  /** Its config var is `<name>_URL`. */
  name: string;
  app: { id: string; name: string };
  addOn: { id: string; name: string; plan: string; app: { id: string; name: string } | null };
  createdAt: Date;
}

/** What people see of an add-on; its address is in the config vars of who attached it. */
export interface AddOnView {
  id: string;
  name: string;
  teamId: string;
  service: string;
  plan: string;
  /** Of a volume that waits to grow. */
  wantedPlan: string | null;
  status: AddOnStatus;
  errorMessage: string | null;
  /** The app that it goes with. */
  app: { id: string; name: string } | null;
  attachments: AttachmentView[];
  /** In the app that it goes with. */
  configVars: string[];
  /** Name of the database on the data server, key of the Redis server or of the volume. */
  database: string;
  /** Of a volume. */
  mountPath: string | null;
  copyOf: { id: string; name: string } | null;
  /** An older password is valid still, until no release that has it runs. */
  isRotating: boolean;
  createdAt: Date;
  updatedAt: Date;
}

const named = { select: { id: true, name: true } } as const;
export const addOnInclude = {
  app: named,
  copyOf: named,
  credentials: { select: { status: true } },
  attachments: { where: { app: { destroyedAt: null } }, include: { app: named }, orderBy: { createdAt: 'asc' } },
} satisfies Prisma.AddOnInclude;

type AddOnRow = Prisma.AddOnGetPayload<{ include: typeof addOnInclude }>;

export function toAddOnView(row: AddOnRow): AddOnView {
  const { id, name, teamId, service, plan, wantedPlan, status, errorMessage, app, database, mountPath, copyOf } = row;
  const attachments = row.attachments.map((one) => ({
    ...{ id: one.id, name: one.name, app: one.app, createdAt: one.createdAt },
    addOn: { id, name, plan: `${service}:${plan}`, app },
  }));
  const own = attachments.filter((one) => one.app.id === app?.id);
  return {
    ...{
      id,
      name,
      teamId,
      service,
      plan,
      wantedPlan,
      status,
      errorMessage,
      app,
      database,
      mountPath,
      copyOf,
      attachments,
    },
    ...{ createdAt: row.createdAt, updatedAt: row.updatedAt },
    configVars: own.map((one) => attachmentVar(one.name)),
    isRotating: row.credentials.length > 1,
  };
}
