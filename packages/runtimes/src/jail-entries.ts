import { appUser, type LayerEntry } from '@berth/images/layer';

/**
 * The last layer of every build image: mount points of the workspace and of the app's cache, and /app, where the app will
 * lie in its image, as a link to where it lies in the jail: paths that an install writes into files are right in both.
 */
export const jailEntries: readonly LayerEntry[] = [
  ...['workspace', 'cache'].map((path) => ({ path, type: 'directory' as const, mode: 0o755, ...appUser })),
  { path: 'app', type: 'symlink', mode: 0o777, uid: 0, gid: 0, linkTarget: 'workspace/app' },
];
