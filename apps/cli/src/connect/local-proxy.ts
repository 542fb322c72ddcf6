import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import { forwardRequest, type Target } from '@berth/tunnel/forward-request';
import { badGateway, forwardUpgrade } from '@berth/tunnel/forward-upgrade';
import { streamAgent } from '@berth/tunnel/stream-agent';

/** The only address that local servers listen at: nobody else on the network reaches the environment through this machine. */
export const localhost = '127.0.0.1';

/** Makes a connection to the environment's internal router. */
export type OpenStream = () => Promise<Duplex>;

/**
 * An HTTP proxy: `http://<service>.internal` goes to the environment, anything else to where it says, so that a shell with HTTP_PROXY
 * goes on working. Also by CONNECT, as some clients ask for plain HTTP too.
 */
export async function startProxy(open: OpenStream, port = 0): Promise<Server> {
  const agent = streamAgent(open);
  const targetOf = (request: IncomingMessage): Target | undefined => {
    const asked = request.url ?? '';
    if (!/^http:/i.test(asked) || !URL.canParse(asked)) return undefined; // not a request to a proxy
    const url = new URL(asked);
    const path = `${url.pathname}${url.search}`;
    if (isInternal(url.hostname)) return { agent, path, hostHeader: url.host, explain };
    return { host: url.hostname, port: Number(url.port || 80), agent: false, path, hostHeader: url.host, explain };
  };
  const server = createServer((request, answer) => {
    const target = targetOf(request);
    if (target) forwardRequest(request, answer, target);
    else answer.writeHead(400, { 'content-type': 'text/plain' }).end(`${notForProxy}\n`);
  });
  server.on('upgrade', (request, socket, head) => {
    const target = targetOf(request);
    if (target) forwardUpgrade(request, socket, head, target);
    else socket.on('error', () => socket.destroy()).end(badGateway(notForProxy, '400 Bad Request'));
  });
  server.on('connect', (request, socket, head) => void tunnel(open, request.url ?? '', socket, head));
  return listen(server, port);
}

/** One service at a port of its own. Only for programs of this machine: what a page of another site asks for is refused. */
export async function startServicePort(open: OpenStream, service: string): Promise<Server> {
  const target: Target = { agent: streamAgent(open), hostHeader: `${service}.internal`, explain };
  const server = createServer((request, answer) => {
    if (!isForeign(request)) forwardRequest(request, answer, target);
    else answer.writeHead(403, { 'content-type': 'text/plain' }).end(`${notForPages}\n`);
  });
  server.on('upgrade', (request, socket, head) => {
    if (!isForeign(request)) forwardUpgrade(request, socket, head, target);
    else socket.on('error', () => socket.destroy()).end(badGateway(notForPages, '403 Forbidden'));
  });
  return listen(server, 0);
}

/** A port whose connections go on as they are. */
export function startRawPort(open: OpenStream): Promise<TcpServer> {
  const server = createTcpServer((client) => {
    client.on('error', () => client.destroy());
    open().then(
      (upstream) => join(client, upstream),
      () => client.destroy(),
    );
  });
  return listen(server, 0);
}

function join(client: Duplex, upstream: Duplex): void {
  pipeline(upstream, client, () => {});
  pipeline(client, upstream, () => {});
}

export const portOf = (server: TcpServer): number => (server.address() as AddressInfo).port;

const notForProxy = 'This is the HTTP proxy of berth connect: set HTTP_PROXY to its address.';
const notForPages = 'This port of berth connect answers programs of this machine, not pages of other sites.';
const explain = (error: Error) => `berth connect: no answer: ${error.message}`;

const isInternal = (host: string) => host.toLowerCase().endsWith('.internal');

/** A browser says where a page is from; a name that was made to lead here (DNS rebinding) is in the Host header. */
function isForeign({ headers }: IncomingMessage): boolean {
  const isOurs = /^(localhost|127\.0\.0\.1|\[::1\]|[a-z0-9-]+\.internal)(:\d+)?$/i.test(headers.host ?? '');
  return !isOurs || headers['sec-fetch-site'] === 'cross-site';
}

async function tunnel(open: OpenStream, authority: string, client: Duplex, head: Buffer): Promise<void> {
  const { hostname = '', port = '' } = /^\[?(?<hostname>[^\]]+?)\]?:(?<port>\d+)$/.exec(authority)?.groups ?? {};
  client.on('error', () => client.destroy());
  try {
    const upstream = isInternal(hostname) ? await open() : await connectTo(hostname, Number(port));
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    upstream.write(head);
    join(client, upstream);
  } catch (error) {
    client.end(badGateway(explain(error as Error)));
  }
}

function connectTo(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => resolve(socket)).on('error', reject);
  });
}

function listen<T extends TcpServer>(server: T, port: number): Promise<T> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, localhost, () => resolve(server));
  });
}
