import { fileURLToPath } from 'node:url';
import { parseConfig, platformSettings, registryTokenSettings } from '@berth/daemon/config';
import { shellPort } from '@berth/domain/shell-port';
import { z } from 'zod';

const MiB = 1024 * 1024;

/** Settings of the git process. */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  return parseConfig(
    z.object({
      ...platformSettings,
      ...registryTokenSettings,
      /** The registry as this process sees it; sources are stored there. */
      REGISTRY_URL: z.url(),
      /** Where the bare repositories and the SSH host key are. */
      BERTH_GIT_DIR: z.string().default('/var/lib/berth/git'),
      BERTH_GIT_HTTP_PORT: z.coerce.number().int().default(8000),
      BERTH_GIT_SSH_PORT: z.coerce.number().int().default(2222),
      /** Where apps/releaser opens shells (domain/shell-port). */
      BERTH_SHELL_URL: z.url().default(`http://releaser:${shellPort}`),
      /** Pushes that are received or followed at the same time; one more is told to try again. */
      BERTH_PUSHES_MAX: z.coerce.number().int().positive().default(100),
      /** Bytes of all packs of one repository. */
      BERTH_REPOSITORY_MAX_BYTES: z.coerce
        .number()
        .int()
        .positive()
        .default(1024 * MiB),
      /** Bytes of one commit's files, unpacked. */
      BERTH_SOURCE_MAX_BYTES: z.coerce
        .number()
        .int()
        .positive()
        .default(2048 * MiB),
      /** Executable git hooks; they come with the source and are read-only. */
      BERTH_GIT_HOOKS_DIR: z.string().default(fileURLToPath(new URL('../hooks', import.meta.url))),
    }),
    env,
  );
}

export type Config = ReturnType<typeof readConfig>;
