import { lookup } from 'node:dns/promises';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { freemem, totalmem } from 'node:os';
import { run } from '../up/command.mjs';
import { note, reason, well, wrong } from './finding.mjs';

const GB = 1e9;

/** @typedef {import('./finding.mjs').Finding} Finding */
/** @typedef {import('./finding.mjs').Patient} Patient */

/** @returns {Finding} */
export function lookAtMemory() {
  const available = /^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  const free = available ? Number(available) * 1024 : freemem();
  const text = `${(free / GB).toFixed(1)} of ${(totalmem() / GB).toFixed(1)} GB of memory are free.`;
  return free < 0.5 * GB
    ? wrong(text, 'Stop something: a build alone may take 2 GB (BERTH_BUILD_MEMORY).')
    : well(text);
}

/** @param {Patient} patient @returns {Promise<Finding[]>} */
export async function lookAtDisk({ settings, engine }) {
  const info = await engine.ask('GET', '/info').catch(() => undefined);
  const folders = [...new Set([settings.home, info?.DockerRootDir].filter((path) => path && existsSync(path)))];
  return folders.map((folder) => {
    const { bavail, blocks, bsize } = statfsSync(folder);
    const text = `${((bavail * bsize) / GB).toFixed(1)} of ${((blocks * bsize) / GB).toFixed(0)} GB are free at ${folder}.`;
    if (bavail * bsize < 2 * GB) return wrong(text, 'Make room: without it builds and the database fail.');
    return bavail / blocks < 0.1 ? note(text, 'That is less than a tenth.') : well(text);
  });
}

/**
 * The clock against the npm registry's `Date` header: certificates and sessions need it within a minute.
 * @returns {Promise<Finding>}
 */
export async function lookAtNetwork() {
  const { stdout } = await run(['npm', 'config', 'get', 'registry'], { check: false });
  const url = stdout.trim();
  try {
    const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(10_000) });
    const seconds = Math.round((Date.now() - Date.parse(response.headers.get('date') ?? '')) / 1000);
    if (Math.abs(seconds) > 60)
      return wrong(
        `The clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}.`,
        'Set it: timedatectl set-ntp true',
      );
    return well('The npm registry answers, and the clock is right.');
  } catch (error) {
    return wrong(
      `The npm registry does not answer (${reason(error)}): apps with dependencies cannot be built.`,
      'Look at npm ping. Behind a company proxy, npm needs registry, proxy and cafile in ~/.npmrc.',
    );
  }
}

/** @param {Patient} patient @returns {Promise<Finding>} */
export async function lookAtNames({ settings }) {
  const { BERTH_DOMAIN: domain } = settings.chosen;
  try {
    const { address } = await lookup(`an-app.${domain}`);
    return well(`*.${domain} leads to ${address}.`);
  } catch {
    if (domain !== 'localhost')
      return wrong(`*.${domain} leads nowhere.`, `Make a wildcard DNS record *.${domain} with this host's address.`);
    return note(
      '*.localhost is not known to this system. curl and browsers know it by themselves; some programs do not.',
      'For those: apt-get install libnss-myhostname, or give them the Host header.',
    );
  }
}

/**
 * Before the first start (or when stopped): is anybody else on our ports?
 * @param {Patient} patient
 * @returns {Promise<Finding[]>}
 */
export async function lookAtPorts({ settings, engine }) {
  const running = await engine.list('containers', [`berth.instance=${settings.instance}`]).catch(() => []);
  if (running.some(({ State }) => State === 'running')) return [];
  const names = /** @type {const} */ ([
    'BERTH_PORT',
    'BERTH_APPS_PORT',
    'BERTH_APPS_TLS_PORT',
    'BERTH_SSH_PORT',
    'BERTH_REGISTRY_PORT',
  ]);
  const taken = await Promise.all(
    names.map(async (name) => ((await isFree(Number(settings.chosen[name]))) ? [] : [name])),
  );
  const findings = taken
    .flat()
    .map((name) =>
      wrong(`Port ${settings.chosen[name]} is taken by another program.`, `Choose another: ${name}=… npm start`),
    );
  return findings.length > 0 ? findings : [well('The ports that Berth will use are free.')];
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** @param {Patient} patient @returns {Promise<Finding[]>} */
export async function lookAtRoutes({ settings, names }) {
  if (!names) return [];
  const { overlaps } = await import('@berth/domain/subnet-pool');
  const pool = settings.chosen.BERTH_SUBNET_POOL;
  const { stdout } = await run(['ip', '-4', 'route', 'show'], { check: false }).catch(() => ({ stdout: '' }));
  const foreign = stdout.split('\n').flatMap((line) => {
    const [, cidr, device] = /^(\d+\.\d+\.\d+\.\d+\/\d+).* dev (\S+)/.exec(line) ?? [];
    const isOurs = /^b[bejp][0-9a-f]{4}-/.test(device ?? '');
    return cidr && !isOurs && overlaps(cidr, pool) ? [`${cidr} by ${device}`] : [];
  });
  if (foreign.length === 0) return [well(`No other network of this host is inside our pool ${pool}.`)];
  return [
    note(
      `Inside our pool ${pool} this host has other networks: ${foreign.join(', ')}. Ours go around them.`,
      'If machines there must be reached, choose another pool before the first start: BERTH_SUBNET_POOL=…',
    ),
  ];
}
