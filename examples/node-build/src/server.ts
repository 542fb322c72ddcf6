import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import ms from 'ms';

/** What stamp.js wrote at build time, below node_modules as code generators do. */
const stamp: unknown = JSON.parse(readFileSync('node_modules/.stamp/stamp.json', 'utf8'));

const server = createServer((_request, response) => response.end(JSON.stringify({ hour: ms('1h'), stamp })));
server.listen(Number(process.env.PORT ?? 8080));
process.on('SIGTERM', () => server.close());
