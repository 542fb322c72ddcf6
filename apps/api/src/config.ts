import { parseConfig, platformSettings } from '@berth/daemon/config';
import { z } from 'zod';

/** Settings of the API's process. */
const schema = z.object({
  ...platformSettings,
  /** Signs sessions and stream URLs; the same as the dashboard's. */
  BERTH_AUTH_SECRET: z.string().min(32),
  /** Port on the platform network. */
  BERTH_API_PORT: z.coerce.number().int().default(8000),
});

export const config = parseConfig(schema);
