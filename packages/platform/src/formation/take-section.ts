import type { Tx } from '@berth/db/client';
import { underSection } from '@berth/domain/formation';
import { projectSection, sectionOf } from '@berth/domain/run-settings';

/**
 * Before the first release of a project environment's app: its formation, which is a copy of its base's, becomes what the section
 * of projects of the image says. Nobody has scaled it yet. The caller holds the app's lock.
 */
export async function takeSection(
  tx: Tx,
  { id: appId, currentReleaseId }: { id: string; currentReleaseId: string | null },
  release: { sections: string[]; imageId: string | null },
): Promise<void> {
  if (currentReleaseId !== null || release.imageId === null || !release.sections.includes(projectSection)) return;
  const image = await tx.image.findUniqueOrThrow({ where: { id: release.imageId }, select: { environments: true } });
  const rows = await tx.formation.findMany({ where: { appId } });
  for (const { processType, quantity, size } of underSection(rows, sectionOf(image, projectSection)))
    await tx.formation.update({
      where: { appId_processType: { appId, processType } },
      data: { quantity, size },
    });
}
