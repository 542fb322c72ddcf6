/** The image repository of an app, or of one of its process types (Heroku's `registry.<host>/<app>/<process type>`). */
export interface ImageName {
  app: string;
  /** Empty: of the app. */
  processType: string;
}

/** `my-app` or `my-app/worker`; undefined for what is neither. */
export function parseImageName(name: string): ImageName | undefined {
  const match = /^([a-z][a-z0-9-]{1,60})(?:\/([a-z][a-z0-9_-]{0,29}))?$/.exec(name);
  return match ? { app: match[1] ?? '', processType: match[2] ?? '' } : undefined;
}

/** Where the registry keeps what people push. */
export const pushedRepository = ({ appId, processType }: { appId: string; processType: string }): string =>
  `pushed/${appId}${processType && `/${processType}`}`;

/** The reverse of {@link pushedRepository}; undefined for other repositories. */
export function parsePushedRepository(repository: string): { appId: string; processType: string } | undefined {
  const match = /^pushed\/([^/]+)(?:\/([^/]+))?$/.exec(repository);
  return match ? { appId: match[1] ?? '', processType: match[2] ?? '' } : undefined;
}
