import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { idleFile } from '../host-facts.js';
import type { DockerHost } from './docker-host.js';

/**
 * Lets all builds together run in the CPU time that nothing else wants (cpu.idle of their common cgroup, Linux 5.15): whoever
 * wakes up beside them has the core at once, while shares alone let a build finish its slice first. Their own shares count
 * among builds only. What the kernel does not have is noted, and the shares of the common cgroup stay Docker's.
 */
export async function yieldToApps(host: Pick<DockerHost, 'facts' | 'names' | 'settings' | 'note'>): Promise<void> {
  if (!host.settings.buildsYield) return;
  await writeFile(join(host.settings.cgroupRoot, idleFile(host.facts, host.names)), '1').catch((error: unknown) =>
    host.note('builds run beside apps, not behind them', { err: error }),
  );
}
