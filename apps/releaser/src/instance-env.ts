import type { ReleaseWork } from '@berth/platform/rollouts/read-work';

/** The port that a web instance is to listen on; given to it as PORT. */
export const webPort = 8080;

/**
 * The environment of one instance or one-off, with Heroku's names; `dyno` is its name, `web.1`. Config vars win over
 * the image's own variables (NODE_ENV) and over what the engine adds of its limits (domain/container-limits), ours win over
 * config vars. Only what is routed to is told a port.
 */
export function instanceEnv(
  { config, app, release, image }: Pick<ReleaseWork, 'config' | 'app' | 'release'> & { image: { commit: string } },
  dyno: string,
  port?: number,
): Record<string, string> {
  return {
    ...config,
    DYNO: dyno,
    HEROKU_APP_NAME: app.name,
    HEROKU_RELEASE_VERSION: `v${release.version}`,
    HEROKU_SLUG_COMMIT: image.commit,
    SOURCE_VERSION: image.commit,
    ...(port ? { PORT: String(port) } : {}),
  };
}
