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
export async function Deploy(props: { app: AppView; buildId: string; newestRelease: ReleaseView | undefined }) {
  const { app, newestRelease } = props;
  const actor = await requireActor();
  const { platform } = berth();
  const build = await getBuild(platform, { actor, app: app.id, build: props.buildId });
  // A release without a build (config, rollback) that came later is the latest deploy.
  const isBuildNewest =
    !newestRelease || newestRelease.buildId === build.id || newestRelease.createdAt < build.createdAt;
  const release =
    newestRelease && (!isBuildNewest || newestRelease.buildId === build.id)
      ? await getRelease(platform, { actor, app: app.id, version: newestRelease.id })
      : undefined;
  const status = release?.status ?? build.status;
  const steps = [
    ...(isBuildNewest ? build.steps : []),
    ...(release?.steps ?? []),
    ...(release?.rollouts[0]?.steps ?? []),
  ];
  const problem = (release?.error ?? (isBuildNewest ? build.error : null))?.message;
  const isRunning = status === 'pending' || status === 'running';
  return (
    <Card
      title={isRunning ? 'Deploying' : 'Latest deploy'}
      hint={isBuildNewest ? `${shortSha(build.commit)} ${build.message}` : (release?.description ?? '')}
      action={
        <div className="flex items-center gap-3">
          {isBuildNewest && !release && isRunning && (
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
        key={isBuildNewest ? build.id : release?.id}
        stream={
          isBuildNewest
            ? `/api/streams/apps/${app.name}/builds/${build.id}/output`
            : `/api/streams/apps/${app.name}/releases/${release?.id}/output`
        }
        empty="No output."
        className="max-h-96 min-h-24 border-t border-line"
      />
    </Card>
  );
}
