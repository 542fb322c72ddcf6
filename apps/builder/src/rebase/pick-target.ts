import { UserError } from '@berth/domain/errors';
import type { ImageLabels } from '@berth/domain/image-labels';
import type { RebaseWish } from '@berth/domain/rebase';
import { ociLabels } from '@berth/images/app-image';
import type { RebaseTarget } from '@berth/images/plan-rebase';
import type { PushedImage } from '@berth/images/push-image';
import { type RuntimeName, runtimes } from '@berth/runtimes/catalogue';
import semver from 'semver';
import type { Bases } from '../bases.js';

/** Does the rebase concern an image with these labels? One that names neither stack nor runtime concerns every one. */
export function isConcerned(wish: RebaseWish, { stack, runtimeName }: ImageLabels): boolean {
  if (wish.stack === undefined && wish.runtime === undefined) return true;
  return nameOf(wish.stack) === stack || nameOf(wish.runtime) === runtimeName;
}

/**
 * What is to lie below an image: the newest stack, and the newest version of its runtime that the app's own files and its
 * binary interface allow. A UserError when there is none.
 */
export async function pickTarget(
  bases: Bases,
  wish: RebaseWish,
  labels: ImageLabels,
  image: PushedImage,
): Promise<RebaseTarget> {
  const isAll = wish.stack === undefined && wish.runtime === undefined;
  const movesStack = isAll || nameOf(wish.stack) === labels.stack;
  const movesRuntime = isAll || nameOf(wish.runtime) === labels.runtimeName;
  const name = labels.runtimeName;
  if (!isRuntime(name))
    return { stack: movesStack ? await bases.stack() : undefined, runtime: undefined, propagator: undefined };
  // Packages of the stack's own distribution are made for one stack: the two go together.
  const isOnStack = runtimes[name].isOnStack;
  const version = versionOf(wish.runtime);
  return {
    stack: movesStack || (movesRuntime && isOnStack) ? await bases.stack() : undefined,
    runtime:
      movesRuntime || (movesStack && isOnStack) ? await pickRuntime(bases, name, labels, image, version) : undefined,
    propagator: movesRuntime ? await bases.propagator(name) : undefined,
  };
}

async function pickRuntime(
  bases: Bases,
  name: RuntimeName,
  { runtimeWish, runtimeVersion }: ImageLabels,
  image: PushedImage,
  asked: string | undefined,
): Promise<PushedImage | undefined> {
  if (asked !== undefined) {
    if (!allows(runtimeWish, asked))
      throw new UserError('invalid_params', `The app asks for ${runtimes[name].title} ${runtimeWish}.`);
    return bases.runtime(name, asked);
  }
  const newest = await bases.runtime(name, await bases.resolve(name, runtimeWish));
  const abi = image.config.labels[ociLabels.abi];
  if (newest.config.labels[ociLabels.abi] === abi) return isOlder(newest, runtimeVersion) ? undefined : newest;
  // `>=20` now means a line that the app was not built for: the newest patch of its own line, if it is allowed.
  for (const line of linesOf(runtimeVersion)) {
    const patch = await bases.runtime(name, await bases.resolve(name, line));
    const isFit =
      patch.config.labels[ociLabels.abi] === abi && allows(runtimeWish, patch.config.labels['berth.version']);
    if (isFit) return isOlder(patch, runtimeVersion) ? undefined : patch;
  }
  return newest; // planRebase says why not
}

/** `24.21.0` → `24`, `24.21`: the shortest that has the same binary interface is not known by its form. */
function linesOf(version: string | undefined): string[] {
  const parts = (version ?? '').split('.');
  return parts.length > 1 ? parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.')) : [];
}

/** Words that are no range (`lts/*`) chose the line that the app is on; a newer patch of it is what they mean. */
function allows(wish: string | undefined, version: string | undefined): boolean {
  const exact = semver.coerce(version);
  return wish === undefined || exact === null || semver.validRange(wish) === null || semver.satisfies(exact, wish);
}

/** A mirror may be behind the one that the runtime came from. */
function isOlder({ config }: PushedImage, than: string | undefined): boolean {
  const version = config.labels['berth.version'];
  return version !== undefined && than !== undefined && version.localeCompare(than, 'en', { numeric: true }) < 0;
}

const isRuntime = (name: string | undefined): name is RuntimeName =>
  name !== undefined && Object.hasOwn(runtimes, name);

/** `berth-13:20261121` → `berth-13`, `node@24.21.1` → `node`. */
const nameOf = (text: string | undefined): string | undefined => text?.split(/[:@]/)[0];

/** `berth-13:20261121` → `20261121`; undefined is the newest. */
export const versionOf = (text: string | undefined): string | undefined => text?.split(/[:@]/)[1];
