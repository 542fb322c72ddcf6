import { littleEndianAddress } from '../host-facts.js';
import type { ListeningSocket } from '../interface.js';
import { statusOf } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { execIn } from './exec.js';
import { findInstance, type InstanceKey } from './instance-status.js';

/**
 * What listens inside an instance, read by `cat` in its own container as its own user: that needs no right on the host.
 * None when it is gone, has ended, or its image has no `cat`.
 */
export async function listeningSockets(host: DockerHost, key: InstanceKey): Promise<ListeningSocket[]> {
  const container = await findInstance(host, key);
  if (!container) return [];
  const chunks: Buffer[] = [];
  const argv = ['cat', '/proc/net/tcp', '/proc/net/tcp6'];
  try {
    await execIn(container, { argv }, (stream, chunk) => {
      if (stream === 'stdout') chunks.push(chunk);
    });
  } catch (error) {
    if (statusOf(error) === 404 || statusOf(error) === 409) return [];
    throw error;
  }
  return parseListening(Buffer.concat(chunks).toString());
}

const listenState = '0A';
/** Docker's DNS proxy listens on this address of each container; it is not the app's. */
const dockerDns = '127.0.0.11';

/** Listening sockets of /proc/net/tcp and tcp6 texts (proc(5)): addresses as hex words in the machine's byte order. */
export function parseListening(text: string): ListeningSocket[] {
  const sockets = [...text.matchAll(/^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /gm)]
    .filter((match) => match[3] === listenState)
    .map((match) => ({ address: parseAddress(match[1]!), port: Number.parseInt(match[2]!, 16) }));
  return sockets.filter((socket) => socket.address !== dockerDns);
}

function parseAddress(hex: string): string {
  if (hex.length === 8) return littleEndianAddress(hex);
  if (/^0{32}$/.test(hex)) return '::';
  if (hex === '00000000000000000000000001000000') return '::1';
  if (hex.startsWith('0000000000000000FFFF0000')) return littleEndianAddress(hex.slice(24));
  const words = hex.match(/.{8}/g)!.map((word) => Buffer.from(word, 'hex').reverse().toString('hex'));
  return words.join('').match(/.{4}/g)!.join(':');
}
