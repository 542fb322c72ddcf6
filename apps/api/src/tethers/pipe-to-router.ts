import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import { streamSocket } from '@berth/tunnel/stream-socket';
import type { WebSocket } from 'ws';

export interface InternalRouter {
  /** Gateway of the router network, and the port there for tethers (domain/tether-ports). */
  address: string;
  port: number;
}

/**
 * Carries a stream's bytes to the internal router and back, as those of a caller at `from`. The first line says so (PROXY protocol,
 * version 1), before any byte of the machine: nothing that it sends can say otherwise.
 */
export function pipeToRouter(socket: WebSocket, { address, port }: InternalRouter, from: string): void {
  const machine = streamSocket(socket);
  const router = connect({ host: address, port, noDelay: true });
  router.write(`PROXY TCP4 ${from} ${address} 65535 80\r\n`);
  pipeline(machine, router, () => {});
  pipeline(router, machine, () => {});
}
