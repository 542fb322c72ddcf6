import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end('web of node-worker\n'));
server.listen(process.env.PORT ?? 8080);
process.on('SIGTERM', () => server.close());
