import { NotYetError } from '@berth/jobs/not-yet';
import type { JobContext } from '@berth/jobs/work';
import { finishDestroyProject } from '@berth/platform/projects/finish-destroy-project';
import { readDestroyed } from '@berth/platform/projects/read-destroyed';
import type { Releaser } from '../releaser.js';

/** After the last app of a destroyed environment has gone by its own job: its network, then its row. */
export async function destroyEnvironment(
  { platform, engine }: Releaser,
  { environmentId }: { environmentId: string },
  { lease }: JobContext,
): Promise<void> {
  const left = await readDestroyed(platform, { environmentId });
  if (!left) return;
  if (left.apps > 0) throw new NotYetError('its apps are being destroyed', 500);
  await engine.removeNetwork(environmentId);
  await finishDestroyProject(platform, { environmentId, lease });
}
