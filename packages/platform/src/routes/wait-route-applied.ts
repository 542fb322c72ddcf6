import type { Platform } from '../platform.js';

/** Resolves when HAProxy has this version of the app's route (or a later one); throws the signal's reason on abort. */
export async function waitRouteApplied(
  platform: Platform,
  { appId, version, signal }: { appId: string; version: number; signal: AbortSignal },
): Promise<void> {
  const look = async () => {
    const route = await platform.db.route.findUnique({ where: { appId }, select: { appliedVersion: true } });
    return !route || route.appliedVersion >= version ? true : undefined;
  };
  if (!(await platform.wake.until([`app:${appId}`], look, signal))) throw signal.reason;
}
