import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end('never\n'));
server.listen(process.env.PORT);
process.on('SIGTERM', () => server.close());
