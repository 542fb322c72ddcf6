import { getApp } from '@berth/platform/apps/get-app';
import { mayDo } from '@berth/platform/auth/rights';
import { getBuild } from '@berth/platform/builds/get-build';
import { getReleaseOrigin } from '@berth/platform/images/get-release-origin';
import { diffRelease } from '@berth/platform/releases/diff-release';
import { getRelease } from '@berth/platform/releases/get-release';
import { LiveText } from '@/components/live-text';
import { DebugInstances } from '@/components/release/debug-instances';
import { ReleaseChanges } from '@/components/release/release-changes';
import { ReleaseImage } from '@/components/release/release-image';
import { RollBack } from '@/components/release/roll-back';
import { Steps } from '@/components/steps';
import { Card, Problem } from '@/components/ui/card';
import { Status } from '@/components/ui/status';
import { duration, shortSha, timeAgo } from '@/lib/format';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { roleIn } from '@/lib/role-in';
import { requireActor } from '@/lib/session';

export default async function ReleasePage({ params }: { params: Promise<{ app: string; version: string }> }) {
  const actor = await requireActor();
  const { platform } = berth();
  const { app: name, version } = await params;
  const of = { actor, app: name, version };
  const [app, release, origin, diff] = await read(
    Promise.all([
      getApp(platform, of),
      getRelease(platform, of),
      getReleaseOrigin(platform, of),
      diffRelease(platform, of),
    ]),
  );
  const { buildId, commit, user, createdAt, startedAt, endedAt, error } = release;
  const [build, role] = await Promise.all([
    buildId ? getBuild(platform, { ...of, build: buildId }) : undefined,
    roleIn(app.team.id),
  ]);
  const output = `/api/streams/apps/${app.name}`;
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 className="text-lg font-semibold">v{release.version}</h2>
        <Status status={release.isCurrent ? 'live' : release.status} />
        <p className="min-w-0 text-sm text-muted">
          {release.description}
          {commit && !release.description.includes(shortSha(commit)) && (
            <code className="ml-2 font-mono text-[13px]">{shortSha(commit)}</code>
          )}{' '}
          · {user.email} ·{' '}
          <time dateTime={createdAt.toISOString()} title={createdAt.toISOString()}>
            {timeAgo(createdAt)}
          </time>
          {startedAt && endedAt && ` · took ${duration(endedAt.getTime() - (build?.startedAt ?? startedAt).getTime())}`}
        </p>
        <div className="sm:ml-auto">
          <RollBack app={app} release={release} />
        </div>
      </div>
      {error && <Problem>{error.message}</Problem>}
      <div className="grid items-start gap-6 xl:grid-cols-2">
        <div className="min-w-0 space-y-6">
          <Card title="Steps" {...(build && { hint: build.message })}>
            <Steps steps={[...(build?.steps ?? []), ...release.steps, ...(release.rollouts[0]?.steps ?? [])]} />
          </Card>
          <ReleaseChanges diff={diff} />
          {build && (
            <Card title="Output of the build">
              <LiveText
                stream={`${output}/builds/${build.id}/output`}
                empty="No output."
                className="max-h-96 min-h-24"
              />
            </Card>
          )}
          {release.hasOutput && (
            <Card title="Output of the release">
              <LiveText
                stream={`${output}/releases/${release.id}/output`}
                empty="No output."
                className="max-h-96 min-h-24"
              />
            </Card>
          )}
        </div>
        <div className="min-w-0 space-y-6">
          <ReleaseImage digest={release.imageDigest} origin={origin} />
          {origin && mayDo(role, 'app.debug') && <DebugInstances app={app} release={release} />}
        </div>
      </div>
    </div>
  );
}
