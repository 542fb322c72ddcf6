import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const instances = '/proc/sys/fs/inotify/max_user_instances';
/** One for each log that the engine follows, which is one for each instance of an app, with room to spare. */
const wanted = 4096;

/**
 * Debian lets a user have 128 inotify instances. An engine that follows more logs than that looks at each of the other files several
 * times a second instead. Until the host's next start; who set more has more.
 * @type {import('./run-steps.mjs').Step}
 */
export const raiseLimits = {
  name: 'kernel limits',
  run: async ({ found }) => {
    if (!existsSync(instances)) return 'none to raise';
    const now = Number(readFileSync(instances, 'utf8'));
    if (now >= wanted) return `fs.inotify.max_user_instances is ${now}`;
    const command = `sysctl -w fs.inotify.max_user_instances=${wanted}`;
    if (!found.isRoot) return `for more than ${now} instances of apps, as root: ${command}`;
    try {
      writeFileSync(instances, String(wanted));
    } catch {
      return `fs.inotify.max_user_instances stays ${now}: this machine does not let it be changed`;
    }
    return `fs.inotify.max_user_instances ${now} → ${wanted}`;
  },
};
