import type { BaseView } from '@berth/platform/bases/list-bases';

/** Ours: one version of a stack or a runtime with the apps that run on it, and what differs in the current one. */
export const toWireBase = (base: BaseView) => ({
  version: base.version,
  digest: base.digest,
  current: base.isCurrent,
  created_at: base.createdAt,
  apps: base.apps,
  packages_behind: base.behind,
});
