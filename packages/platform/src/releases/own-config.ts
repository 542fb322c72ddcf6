import { z } from 'zod';

/** The app's own config vars as a release keeps them, values sealed each; null in releases of before there were layers. */
export const ownConfig = z
  .array(z.object({ key: z.string(), value: z.string(), isSecret: z.boolean(), isReference: z.boolean() }))
  .nullable();
