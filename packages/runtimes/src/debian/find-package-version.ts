import type { Sources } from '../sources.js';
import { openApt } from './open-apt.js';

/** The version of a package in the stack's suite, `3.13.5-2+deb13u5`. */
export async function findPackageVersion(sources: Pick<Sources, 'apt' | 'cacheDir'>, name: string): Promise<string> {
  const apt = await openApt({ sources, status: '' });
  try {
    const { stdout } = await apt.run(['apt-cache', 'show', '--no-all-versions', '--', name]);
    const version = /^Version: (.+)$/m.exec(stdout.toString())?.[1];
    if (!version) throw new Error(`apt says no version of ${name}`);
    return version;
  } finally {
    await apt.close();
  }
}
