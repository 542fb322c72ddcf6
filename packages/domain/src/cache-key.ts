/** Names of an app's cache disks: packages and what was compiled, and BuildKit's state, whose files have other owners. */
export const packagesCache = (appId: string): string => appId;
export const dockerfileCache = (appId: string): string => `${appId}:dockerfile`;

/** The app that a cache disk is of. */
export const appOfCache = (cacheKey: string): string => cacheKey.split(':')[0]!;
