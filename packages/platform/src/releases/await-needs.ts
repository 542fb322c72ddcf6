import type { Tx } from '@berth/db/client';
import { needsBefore } from '@berth/domain/start-order';
import { NotYetError } from '@berth/jobs/not-yet';

/** How soon a release looks again whether what its app needs is up, and how long it does so at the most, ms. */
const lookEveryMs = 250;
const patienceMs = 10 * 60_000;

/**
 * In a project environment a release starts when the services that its app needs (berth.yaml) have been up once, as far as the
 * environment has them: NotYetError until then. It goes on without one that failed, needs it in turn, or takes longer than
 * 10 minutes. Gives the line that says so in the app's log.
 */
export async function awaitNeeds(
  tx: Tx,
  release: { appId: string; imageId: string | null; createdAt: Date },
): Promise<string | undefined> {
  const app = await tx.app.findUniqueOrThrow({
    where: { id: release.appId },
    select: { environmentId: true, environment: { select: { kind: true } }, pipeline: { select: { name: true } } },
  });
  if (app.environment.kind !== 'project' || !app.pipeline || !release.imageId) return undefined;
  const image = await tx.image.findUniqueOrThrow({ where: { id: release.imageId }, select: { needs: true } });
  if (image.needs.length === 0) return undefined;
  const service = app.pipeline.name;
  const notUp = await readNeedsOfStarting(tx, app.environmentId);
  const { awaited, inCircle } = needsBefore(service, new Map([...notUp, [service, image.needs]]));
  if (awaited.length > 0 && Date.now() - release.createdAt.getTime() < patienceMs)
    throw new NotYetError(`${awaited.join(', ')} of the environment must be up first`, lookEveryMs);
  if (awaited.length > 0) return `Starts without ${awaited.join(', ')}, not up after ${patienceMs / 60_000} minutes`;
  return inCircle.length > 0 ? `Starts together with ${inCircle.join(', ')}: they need each other` : undefined;
}

/** Services that were never up and may still come, with what their images say that they need; one without an image needs nothing. */
async function readNeedsOfStarting(tx: Tx, environmentId: string): Promise<[string, string[]][]> {
  const apps = await tx.app.findMany({
    where: {
      ...{ environmentId, destroyedAt: null, currentReleaseId: null },
      projectService: { status: { in: ['pending', 'building', 'starting'] } },
    },
    select: {
      pipeline: { select: { name: true } },
      releases: { orderBy: { version: 'desc' }, take: 1, select: { image: { select: { needs: true } } } },
    },
  });
  return apps.flatMap(({ pipeline, releases }) =>
    pipeline ? [[pipeline.name, releases[0]?.image?.needs ?? []] as [string, string[]]] : [],
  );
}
