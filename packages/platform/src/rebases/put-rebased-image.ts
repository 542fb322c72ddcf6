import type { ImageLabels } from '@berth/domain/image-labels';
import { agent, cronJob, type Healthcheck, healthcheck, processType } from '@berth/domain/process-type';
import type { RebaseChanges } from '@berth/domain/rebase';
import { runOverride } from '@berth/domain/run-settings';
import { assertLease, type Lease } from '@berth/jobs/lease';
import { z } from 'zod';
import { putImage } from '../images/put-image.js';
import { type Platform, transaction } from '../platform.js';

/** After a moved image was written to the registry: its row, with all that the app's own files said of the one before. */
export async function putRebasedImage(
  platform: Platform,
  input: {
    rebaseAppId: string;
    image: { digest: string; sizeBytes: number; labels: ImageLabels };
    changes: RebaseChanges;
    lease: Lease;
  },
): Promise<void> {
  const { rebaseAppId, image, changes, lease } = input;
  await transaction(platform, async (tx, after) => {
    await assertLease(tx, lease);
    const row = await tx.rebaseApp.findUniqueOrThrow({ where: { id: rebaseAppId }, include: { fromImage: true } });
    const { id: rebasedFromId, repositoryId, commit, processTypes, healthcheck: check } = row.fromImage;
    const { agents, cron, environments, needs, postdeploy } = row.fromImage;
    const toImageId = await putImage(tx, after, {
      repositoryId,
      image: {
        ...image,
        commit,
        processTypes: z.array(processType).parse(processTypes),
        healthcheck: (check === null ? null : healthcheck.parse(check)) satisfies Healthcheck | null,
        agents: z.array(agent).parse(agents),
        cron: z.array(cronJob).parse(cron),
        environments: z.record(z.string(), runOverride).parse(environments),
        needs,
        postdeploy,
        rebasedFromId,
      },
    });
    await tx.rebaseApp.updateMany({ where: { id: rebaseAppId, status: 'planned' }, data: { toImageId, changes } });
  });
}
