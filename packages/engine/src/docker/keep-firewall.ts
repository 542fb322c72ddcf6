import { Readable } from 'node:stream';
import type { DockerHost } from './docker-host.js';
import { firewallTable } from './firewall-table.js';
import { runOnHostNetwork } from './host-network-container.js';

const lookEveryMs = 30_000;

/** Keeps the table loaded. */
export interface Firewall {
  /** Resolves once the table was seen in the kernel; rejects with the reason while it cannot be loaded. */
  whenLoaded: () => Promise<void>;
  stop: () => void;
}

/**
 * Loads the table now and looks every 30 s whether it is still the one that was loaded (somebody may run
 * `nft flush ruleset`). A host process that stops leaves the table: apps go on, and stay closed in.
 */
export function keepFirewall(host: Omit<DockerHost, 'whenFirewalled'>): Firewall {
  let loadedText = '';
  const look = async () => {
    const seen = loadedText === '' ? '' : await listTable(host).catch(() => '');
    if (seen !== '' && seen === loadedText) return;
    if (loadedText !== '') host.note('firewall table was changed or lost: loading it again');
    loadedText = '';
    await loadTable(host);
    loadedText = await listTable(host);
  };
  let current = look();
  current.catch(() => {});
  const timer = setInterval(() => {
    const next = current.catch(() => {}).then(look);
    next.catch((error: unknown) => host.note('firewall table', { err: error }));
    current = next;
  }, lookEveryMs);
  return { whenLoaded: async () => (loadedText === '' ? current : undefined), stop: () => clearInterval(timer) };
}

async function loadTable(host: Omit<DockerHost, 'whenFirewalled'>): Promise<void> {
  const table = firewallTable({
    names: host.names,
    routerGateway: host.pool.routerGateway,
    resolvers: host.facts.resolvers,
    allowedPrivate: host.settings.allowedPrivate,
  });
  await runOnHostNetwork(host, { argv: ['nft', '-f', '-'], input: Readable.from([Buffer.from(table)]) });
}

/** As the kernel has it, without counters. */
function listTable(host: Omit<DockerHost, 'whenFirewalled'>): Promise<string> {
  return runOnHostNetwork(host, { argv: ['nft', '--stateless', 'list', 'table', 'inet', host.names.table] });
}

/** Deletes the table: only for the end of an installation, when no container of ours is left. */
export async function dropFirewall(host: Omit<DockerHost, 'whenFirewalled'>): Promise<void> {
  await runOnHostNetwork(host, { argv: ['nft', 'delete', 'table', 'inet', host.names.table] });
}
