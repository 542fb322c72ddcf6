import type { AppliedRoute, RouteTable, SeenServer } from '@berth/router/route-table';

/** Where the route table is: packages/platform/routes in production (platform-source.ts). */
export interface RouteSource {
  readTable: () => Promise<RouteTable>;
  /** False: somebody else has the slot, or the rollout has one. */
  assignSlot: (lent: { rolloutId: string; slot: string }) => Promise<boolean>;
  freeSlot: (rolloutId: string) => Promise<void>;
  reportServers: (seen: readonly SeenServer[]) => Promise<void>;
  reportApplied: (applied: readonly AppliedRoute[]) => Promise<void>;
}
