import type { ImageRef } from '../interface.js';
import { statusOf } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { imageName } from './pull-image.js';

/** False when a container, running or not, is made of it (the daemon's 409). By its name of our registry: never others'. */
export async function removeImage(host: DockerHost, image: ImageRef): Promise<boolean> {
  try {
    await host.docker.getImage(imageName(host, image)).remove();
  } catch (error) {
    if (statusOf(error) === 409) return false;
    if (statusOf(error) !== 404) throw error;
  }
  return true;
}
