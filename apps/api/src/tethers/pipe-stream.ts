import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import { redisPort } from '@berth/domain/data-port';
import { streamSocket } from '@berth/tunnel/stream-socket';
import type { WebSocket } from 'ws';

/** What stands at the gateway of the router network, as this process reaches it. */
export interface GatewayPort {
  address: string;
  port: number;
}

/**
 * Carries a stream's bytes to the internal router and back, as those of a caller at `from`. The first line says so (PROXY protocol,
 * version 1), before any byte of the machine: nothing that it sends can say otherwise.
 */
export function pipeToRouter(socket: WebSocket, router: GatewayPort, from: string): void {
  pipeStream(socket, router, `PROXY TCP4 ${from} ${router.address} 65535 80\r\n`);
}

/** Carries a stream's bytes to the data server and back, which asks for a credential as it does of apps. */
export function pipeToData(socket: WebSocket, dataServer: GatewayPort): void {
  pipeStream(socket, dataServer, '');
}

/** Carries a stream's bytes to a Redis server and back, which asks for a password; the router takes the first line from this process only. */
export function pipeToRedis(socket: WebSocket, router: GatewayPort, address: string): void {
  pipeStream(socket, router, `PROXY TCP4 ${router.address} ${address} 65535 ${redisPort}\r\n`);
}

function pipeStream(socket: WebSocket, { address, port }: GatewayPort, first: string): void {
  const machine = streamSocket(socket);
  const target = connect({ host: address, port, noDelay: true });
  target.write(first);
  pipeline(machine, target, () => {});
  pipeline(target, machine, () => {});
}
