import type { AppView } from '@berth/platform/apps/app-view';
import { getBuild } from '@berth/platform/builds/get-build';
import { getRelease } from '@berth/platform/releases/get-release';
import type { ReleaseView } from '@berth/platform/releases/release-view';
import { ActionButton } from '@/components/action-button';
import { LiveText } from '@/components/live-text';
import { shortSha } from '@/lib/format';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';
import { cancelBuildAction } from '../app/(signed-in)/apps/[app]/actions';
import { Steps } from './steps';
import { Card, Problem } from './ui/card';
import { Status } from './ui/status';

/** The latest deploy of an app: its steps with durations, its output as it comes, and why it failed. */
export async function Deploy(props: {
  app: AppView;
  /** Of the newest build; undefined of an app that only gets ready images, by promotion for one. */
  buildId: string | undefined;
  newestRelease: ReleaseView | undefined;
}) {
  const { app, buildId, newestRelease } = props;
  const actor = await requireActor();
  const { platform } = berth();
  const newestBuild = buildId ? await getBuild(platform, { actor, app: app.id, build: buildId }) : undefined;
  const build = newestBuild && !isOutdone(newestBuild, newestRelease) ? newestBuild : undefined;
  const release =
    newestRelease && (!build || newestRelease.buildId === build.id)
      ? await getRelease(platform, { actor, app: app.id, version: newestRelease.id })
      : undefined;
  const status = release?.status ?? build?.status ?? 'pending';
  const steps = [...(build?.steps ?? []), ...(release?.steps ?? []), ...(release?.rollouts[0]?.steps ?? [])];
  const problem = (release?.error ?? build?.error)?.message;
  const isRunning = status === 'pending' || status === 'running';
  return (
    <Card
      title={isRunning ? 'Deploying' : 'Latest deploy'}
      hint={build ? `${shortSha(build.commit)} ${build.message}` : (release?.description ?? '')}
      action={
        <div className="flex items-center gap-3">
          {build && !release && isRunning && (
            <ActionButton action={cancelBuildAction.bind(null, app.name, build.id)} size="small">
              Cancel
            </ActionButton>
          )}
          <Status status={status} />
        </div>
      }
    >
      {problem && (
        <div className="space-y-2 p-5 pb-3">
          <Problem>{problem}</Problem>
          {app.currentRelease && (
            <p className="text-[13px] text-muted">v{app.currentRelease.version} goes on serving.</p>
          )}
        </div>
      )}
      <Steps steps={steps} />
      <LiveText
        key={(build ?? release)?.id}
        stream={
          build
            ? `/api/streams/apps/${app.name}/builds/${build.id}/output`
            : `/api/streams/apps/${app.name}/releases/${release?.id}/output`
        }
        empty="No output."
        className="max-h-96 min-h-24 border-t border-line"
      />
    </Card>
  );
}

/** A release without this build (config, rollback) that came later is the latest deploy. */
const isOutdone = (build: { id: string; createdAt: Date }, newest: ReleaseView | undefined): boolean =>
  newest !== undefined && newest.buildId !== build.id && newest.createdAt >= build.createdAt;
