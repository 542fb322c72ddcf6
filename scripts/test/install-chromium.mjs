import { has, run } from '../up/command.mjs';
import { Failure } from '../up/failure.mjs';

/**
 * The browser of the end-to-end tests.
 * @type {import('../up/run-steps.mjs').Step}
 */
export const installChromium = {
  name: 'Chromium for the tests',
  run: async ({ found, log }) => {
    if (await has('chromium')) return 'already there';
    const command = ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium'];
    if (!found.isRoot || !found.system.isDebian)
      throw new Failure(
        'Chromium is missing, and only root on Debian can install it here.',
        `Run: sudo ${command.join(' ')}`,
      );
    const options = { onOutput: log, env: { DEBIAN_FRONTEND: 'noninteractive' } };
    await run(['apt-get', 'update'], options);
    await run(command, options);
  },
};
