import { parseConfig, platformSettings, sessionSettings } from '@berth/daemon/config';
import { z } from 'zod';

/** Settings of the API's process. */
const schema = z.object({
  ...platformSettings,
  ...sessionSettings,
  /** Port on the platform network. */
  BERTH_API_PORT: z.coerce.number().int().default(8000),
});

export const config = parseConfig(schema);
