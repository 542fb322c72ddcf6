import { createHash } from 'node:crypto';
import { renderApps, renderLiveBackends } from './render-apps.js';
import { renderPlatform } from './render-platform.js';
import { loadWake } from './render-wake.js';
import { type RouterSettings, routerPaths } from './router-settings.js';
import type { LiveServers } from './server-line.js';

/** The name under which HAProxy tells which configuration it has loaded (`show env`). */
export const fingerprintVariable = 'BERTH_FINGERPRINT';

/** Short hash of all that needs a reload when it changes: the configuration without servers, pages and certificates. */
export function fingerprintOf(settings: RouterSettings, others: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([renderConfig(settings, ''), ...others]))
    .digest('hex')
    .slice(0, 16);
}

/**
 * HAProxy 3.0's configuration. Everything that changes with the apps is in maps and in servers added at run time; the
 * servers that serve now are written here too, so that an HAProxy that was killed comes back serving by itself.
 *
 * Each line of the apps' path was priced (docs/decisions/0004-haproxy.md): look there before adding one.
 */
export function renderConfig(settings: RouterSettings, fingerprint: string, live: LiveServers = new Map()): string {
  return [
    '# Written by apps/router; changes are lost.',
    ...renderGlobal(settings, fingerprint),
    ...renderDefaults(settings),
    ...renderApps(settings),
    ...renderPlatform(settings),
    ...renderLiveBackends(settings, live),
    '',
  ].join('\n');
}

function renderGlobal(settings: RouterSettings, fingerprint: string): string[] {
  const paths = routerPaths(settings.dir);
  return [
    'global',
    `  setenv ${fingerprintVariable} ${fingerprint || 'none'}`,
    '  fd-hard-limit 40000', // maxconn follows from it and from the process's own limit
    '  hard-stop-after 1h', // what an old worker may take after a reload
    '  max-spread-checks 20', // ms: the first check of a new server is part of every deploy
    `  stats socket ${paths.adminSocket} mode 600 level admin expose-fd listeners`,
    '  stats timeout 1m',
    ...loadWake(settings),
    '  ssl-default-bind-options ssl-min-ver TLSv1.2',
    'ring requests', // 4 MiB of log lines wait here for a collector that restarts
    '  format raw',
    '  maxlen 4096',
    '  size 4194304',
    '  timeout connect 2s',
    '  timeout server 10s',
    `  server collector unix@${paths.logSocket} log-proto legacy`,
  ];
}

function renderDefaults({ timeouts }: RouterSettings): string[] {
  return [
    'defaults base',
    '  mode http',
    '  timeout connect 5s',
    `  timeout client ${timeouts.idle}ms`,
    `  timeout server ${timeouts.firstByte}ms`,
    '  timeout queue 30s',
    '  timeout http-request 30s',
    '  timeout http-keep-alive 75s',
    `  timeout tunnel ${timeouts.tunnel}ms`,
    '  timeout client-fin 10s',
    '  option dontlognull',
  ];
}
