import { notFound } from '@berth/domain/errors';
import { readOutput } from '@berth/logs/output';
import type { Actor } from '../actor.js';
import { getAppFor } from '../auth/get-app-for.js';
import type { Platform } from '../platform.js';

/** The output of a build or of a release phase: what is kept, or what there is so far. Empty when there was none. */
export async function getOutput(
  platform: Platform,
  { actor, app: name, ...owner }: { actor: Actor; app: string } & ({ buildId: string } | { releaseId: string }),
): Promise<string> {
  const { id: appId } = await getAppFor(platform.db, { actor, app: name, right: 'app.view' });
  const isBuild = 'buildId' in owner;
  const id = isBuild ? owner.buildId : owner.releaseId;
  const found = isBuild
    ? await platform.db.build.findFirst({ where: { id, appId }, include: { output: true } })
    : await platform.db.release.findFirst({ where: { id, appId }, include: { output: true } });
  if (!found) throw notFound(isBuild ? 'build' : 'release', id);
  if (found.output) return found.output.text;
  const { text } = await readOutput(platform.redis, platform.instance, { noun: isBuild ? 'build' : 'release', id });
  return text;
}
