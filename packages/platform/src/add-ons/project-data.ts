import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import { z } from 'zod';

/** Of one add-on of the base: the same data, or a database of the environment's own, empty or copied. */
export const dataPolicy = z.enum(['share', 'empty', 'copy']);

/** What a project environment gets of the base's data. */
export const projectData = z.strictObject({
  /** Of every add-on that is not named. */
  policy: dataPolicy.default('share'),
  /** By the add-on's name. `mask`: SQL that runs on a copy before anyone can connect. */
  addOns: z
    .record(
      z.string(),
      z.strictObject({
        policy: dataPolicy,
        mask: z
          .string()
          .max(64 * 1024)
          .optional(),
      }),
    )
    .default({}),
});
export type ProjectData = z.infer<typeof projectData>;

/** Who names an add-on that the base does not have would get its data shared without a word. */
export async function checkProjectData(tx: Tx, { baseId, data }: { baseId: string; data: ProjectData }): Promise<void> {
  const attached = { attachments: { some: { app: { environmentId: baseId, destroyedAt: null } } } };
  const known = await tx.addOn.findMany({ where: attached, select: { name: true, service: true } });
  for (const [name, { policy, mask }] of Object.entries(data.addOns)) {
    const addOn = known.find((one) => one.name === name);
    if (!addOn) throw new UserError('invalid_params', `No app of the base environment has an add-on ${name}.`);
    if (mask !== undefined && policy !== 'copy')
      throw new UserError('invalid_params', `Only a copy can be masked: ${name} is to be ${policy}.`);
    if (mask !== undefined && addOn.service !== 'heroku-postgresql')
      throw new UserError('invalid_params', `A mask is SQL: ${name} is no database.`);
  }
}
