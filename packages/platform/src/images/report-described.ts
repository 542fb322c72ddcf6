import type { Platform } from '../platform.js';

/** Wakes who waits for the records of an image. */
export async function reportDescribed(platform: Platform, { imageId }: { imageId: string }): Promise<void> {
  await platform.wake.publish([`image:${imageId}`]);
}
