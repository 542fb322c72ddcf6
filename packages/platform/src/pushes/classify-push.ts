import type { Tx } from '@berth/db/client';
import { branchOf } from '@berth/domain/names';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import { whyNoPush } from '../auth/get-app-to-deploy.js';
import type { Platform } from '../platform.js';

export type PushKind =
  /** An update of the deploy branch: it is built. */
  | { kind: 'build' }
  /** Any other ref: kept, not built. */
  | { kind: 'store' }
  | { kind: 'reject'; message: string };

/** All zeros: the ref is deleted. */
export const isDelete = (sha: string) => /^0+$/.test(sha);

/** What is to happen with one ref of a push. Throws when the actor may not push to the app. */
export async function classifyPush(
  platform: Platform,
  { actor, appId, ref, newSha }: { actor: Actor; appId: string; ref: string; newSha: string },
): Promise<PushKind> {
  const app = await getAppFor(platform.db, { actor, app: appId, right: 'app.push' });
  const kind = classify(app.deployBranch, ref, newSha);
  const why = kind.kind === 'build' ? await whyNoPush(platform.db, app) : undefined;
  return why ? { kind: 'reject', message: why } : kind;
}

/** The first of main and master that is pushed becomes the deploy branch, unless one was chosen. */
export function classify(deployBranch: string | null, ref: string, newSha: string): PushKind {
  const branch = branchOf(ref);
  const isDeployBranch = deployBranch === null ? branch === 'main' || branch === 'master' : branch === deployBranch;
  if (isDelete(newSha))
    return isDeployBranch && deployBranch !== null
      ? { kind: 'reject', message: `${branch} is the app's deploy branch; it cannot be deleted.` }
      : { kind: 'store' };
  return { kind: isDeployBranch ? 'build' : 'store' };
}

/** The same under the app's lock, for the transaction that accepts the push. */
export async function classifyLocked(tx: Tx, appId: string, ref: string, newSha: string): Promise<PushKind> {
  const app = await tx.app.findUniqueOrThrow({ where: { id: appId }, select: { deployBranch: true } });
  return classify(app.deployBranch, ref, newSha);
}
