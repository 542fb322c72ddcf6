import type { ListeningSocket } from '@berth/engine/interface';

const isLoopback = (address: string) =>
  address.startsWith('127.') || address === '::1' || address.startsWith('::ffff:127.');
/** Below /etc/services' dynamic range and not a debugger's: a port that somebody chose. */
const isInspector = ({ port, address }: ListeningSocket) => port === 9229 && isLoopback(address);
/** Docker's own DNS listens inside of every container on a user-defined network. */
const isDockerDns = ({ address }: ListeningSocket) => address === '127.0.0.11';

/** What is wrong with the sockets of an instance that is to listen on `port`; undefined when they are as they should be. */
export function describeSockets(
  sockets: readonly ListeningSocket[],
  port: number,
): { is: 'loopback' | 'other_port' | 'none'; words: string } | undefined {
  const own = sockets.filter((socket) => !isInspector(socket) && !isDockerDns(socket));
  const onPort = own.filter((socket) => socket.port === port);
  if (onPort.some(({ address }) => !isLoopback(address))) return undefined;
  const [onLoopback] = onPort;
  if (onLoopback)
    return { is: 'loopback', words: `listens on ${onLoopback.address} only: listen on 0.0.0.0 (port ${port})` };
  const others = [...new Set(own.map((socket) => socket.port))].sort((a, b) => a - b);
  if (others.length > 0)
    return {
      is: 'other_port',
      words: `ignores PORT: it listens on ${others.join(', ')} instead of $PORT (${port})`,
    };
  return { is: 'none', words: `does not listen on $PORT (${port})` };
}
