import { UserError } from '@berth/domain/errors';
import type { ImageLabels } from '@berth/domain/image-labels';
import type { RebaseChanges, RebaseWish } from '@berth/domain/rebase';
import { planRebase, type RebasePlan, type RebaseTarget } from '@berth/images/plan-rebase';
import type { PushedImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import type { RebaseImage } from '@berth/platform/rebases/list-candidates';
import type { Bases } from '../bases.js';
import type { Builder } from '../builder.js';
import { imageRepository } from '../repositories.js';
import { pickTarget } from './pick-target.js';

/** What a rebase does to the image of one app; a move with the new labels of its row and what changes, for people. */
export type AppPlan =
  | Exclude<RebasePlan, { kind: 'move' }>
  | { kind: 'move'; plan: RebasePlan & { kind: 'move' }; labels: ImageLabels; changes: RebaseChanges };

/** Reads one image and decides. */
export async function planApp(
  { registry }: Builder,
  { bases, wish }: { bases: Bases; wish: RebaseWish },
  image: RebaseImage,
): Promise<AppPlan> {
  const pushed = await readImage(registry, imageRepository(image.repositoryId), image.digest);
  if (!pushed) return { kind: 'refused', because: 'Its image is not in the registry any more.' };
  let target: RebaseTarget;
  try {
    target = await pickTarget(bases, wish, image.labels, pushed);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'refused', because: error.message };
  }
  const plan = planRebase(pushed, target);
  if (plan.kind !== 'move') return plan;
  const isMoved = (base: PushedImage | undefined) =>
    base?.layers.some(({ digest }) => plan.mounts.some((mount) => mount.digest === digest)) ? base : undefined;
  const stack = isMoved(target.stack);
  const runtime = isMoved(target.runtime);
  const propagator = isMoved(target.propagator);
  return { kind: 'move', plan, ...describe(image.labels, { stack, runtime, propagator }) };
}

function describe(labels: ImageLabels, { stack, runtime, propagator }: RebaseTarget) {
  const { runtimeName: name = '' } = labels;
  const version = runtime?.config.labels['berth.version'] ?? '';
  const stackName = labels.stack ?? '';
  const changes: RebaseChanges = {
    ...(stack && {
      stack: {
        from: { name: stackName, digest: labels.stackDigest ?? '' },
        to: { name: stackName, version: stack.config.labels['berth.version'], digest: stack.digest },
      },
    }),
    ...(runtime && {
      runtime: {
        from: { name, version: labels.runtimeVersion, digest: labels.runtimeDigest ?? '' },
        to: { name, version, digest: runtime.digest },
      },
    }),
    ...(propagator && { propagator: { digest: propagator.digest } }),
  };
  const moved: ImageLabels = {
    ...labels,
    ...(stack && { stackDigest: stack.digest }),
    ...(runtime && { runtime: `${name} ${version}`, runtimeVersion: version, runtimeDigest: runtime.digest }),
  };
  return { changes, labels: moved };
}
