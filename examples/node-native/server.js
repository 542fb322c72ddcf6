import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { text } = createRequire(import.meta.url)('./build/Release/hello.node');
const server = createServer((_request, response) => response.end(`hello from ${text}`));
server.listen(process.env.PORT ?? 8080);
process.on('SIGTERM', () => server.close());
