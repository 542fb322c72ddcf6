import { parseConfig, platformSettings } from '@berth/daemon/config';
import { z } from 'zod';

const schema = z.object({
  ...platformSettings,
  /** Signs sessions; the same as apps/api's. */
  BERTH_AUTH_SECRET: z.string().min(32),
});

let parsed: z.infer<typeof schema> | undefined;

/** Parsed at the first request and not at build time, when there is no environment yet. */
export function config() {
  parsed ??= parseConfig(schema);
  return parsed;
}
