import { parseConfig, platformSettings, sessionSettings } from '@berth/daemon/config';
import { z } from 'zod';

const schema = z.object({
  ...platformSettings,
  ...sessionSettings,
});

let parsed: z.infer<typeof schema> | undefined;

/** Parsed at the first request and not at build time, when there is no environment yet. */
export function config() {
  parsed ??= parseConfig(schema);
  return parsed;
}
