import type { AppView } from '@berth/platform/apps/app-view';
import type { ReleaseView } from '@berth/platform/releases/release-view';
import { rollBackAction } from '../../app/(signed-in)/apps/[app]/actions';
import { ActionButton } from '../action-button';

/** The way back to a release; nothing where there is none. */
export function RollBack({ app, release }: { app: AppView; release: ReleaseView }) {
  const { version, status, imageDigest, isCollected, isCurrent } = release;
  if (status !== 'succeeded' || !imageDigest || isCollected || isCurrent) return null;
  return (
    <ActionButton
      action={rollBackAction.bind(null, app.name, version)}
      size="small"
      confirm={`Roll ${app.name} back to v${version}? Its image and config vars come back.`}
    >
      Roll back
    </ActionButton>
  );
}
