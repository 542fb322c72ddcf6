import type { Platform } from '../platform.js';

/** Resolves when HAProxy has this version of the app's route (or a later one); throws the signal's reason on abort. */
export async function waitRouteApplied(
  platform: Platform,
  { appId, version, signal }: { appId: string; version: number; signal: AbortSignal },
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const woken = platform.wake.wait([`app:${appId}`], 1_000, signal); // listens before it looks
    const route = await platform.db.route.findUnique({ where: { appId }, select: { appliedVersion: true } });
    if (!route || route.appliedVersion >= version) return;
    await woken;
  }
}
