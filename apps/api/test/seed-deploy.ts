import type { Platform } from '@berth/platform/platform';

/** Rows as a push leaves them when its build and release are done: what builder and releaser would have written. */
export async function seedDeploy(
  { db, secrets }: Platform,
  { appId, userId, version, commit }: { appId: string; userId: string; version: number; commit: string },
) {
  const app = await db.app.findUniqueOrThrow({ where: { id: appId } });
  const push = await db.push.create({
    data: { appId, userId, ref: 'refs/heads/main', oldSha: '0'.repeat(40), newSha: commit },
  });
  const source = await db.source.create({
    data: { pushId: push.id, commit, message: `Commit ${version}`, digest: `sha256:${commit}`, sizeBytes: 1000 },
  });
  const image = await db.image.create({
    data: {
      repositoryId: app.repositoryId,
      digest: `sha256:${commit}`,
      commit,
      processTypes: [
        { name: 'web', command: 'node server.js', singleton: false },
        { name: 'worker', command: 'node worker.js', singleton: false },
        { name: 'release', command: 'node migrate.js', singleton: false },
      ],
      labels: {},
      sizeBytes: 50_000_000,
    },
  });
  const now = new Date();
  const ended = { status: 'succeeded', startedAt: now, endedAt: now } as const;
  const build = await db.build.create({ data: { appId, sourceId: source.id, userId, imageId: image.id, ...ended } });
  const release = await db.release.create({
    data: {
      appId,
      version,
      reason: 'build',
      description: `Deploy ${commit.slice(0, 8)}`,
      userId,
      imageId: image.id,
      buildId: build.id,
      pushId: push.id,
      config: secrets.seal(JSON.stringify({ GREETING: `hello ${version}` })),
      ...ended,
    },
  });
  const rollout = await db.rollout.create({ data: { appId, releaseId: release.id, reason: 'release', ...ended } });
  await db.instance.create({
    data: { appId, rolloutId: rollout.id, processType: 'web', index: 1, state: 'up', containerId: `c${version}` },
  });
  await db.step.createMany({
    data: [
      { buildId: build.id, name: 'install', startedAt: now, endedAt: now },
      { releaseId: release.id, name: 'release phase', startedAt: now, endedAt: now },
      { rolloutId: rollout.id, name: 'switch', startedAt: now, endedAt: now },
    ],
  });
  await db.output.create({ data: { buildId: build.id, text: `Building ${commit}\n` } });
  await db.output.create({ data: { releaseId: release.id, text: `Migrated to ${version}\n` } });
  await db.app.update({ where: { id: appId }, data: { lastVersion: version, currentReleaseId: release.id } });
  return { build, release, rollout, image };
}
