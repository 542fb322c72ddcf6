import type { LayerEntry } from '@berth/images/layer';

/** A symlink of root's, for link steps. */
export const link = (path: string, linkTarget: string): LayerEntry => ({
  path,
  type: 'symlink',
  mode: 0o777,
  uid: 0,
  gid: 0,
  linkTarget,
});
