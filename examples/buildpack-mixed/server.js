import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end(readFileSync('built.txt', 'utf8')));
server.listen(process.env.PORT ?? 8080);
process.on('SIGTERM', () => server.close());
