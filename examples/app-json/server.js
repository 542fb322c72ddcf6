import { createServer } from 'node:http';

const { GREETING, SESSION_SECRET = '', MEMORY_AVAILABLE } = process.env;
const server = createServer((_request, response) =>
  response.end(`${GREETING}, a secret of ${SESSION_SECRET.length} characters, ${MEMORY_AVAILABLE} MB\n`),
);
server.listen(process.env.PORT);
process.on('SIGTERM', () => server.close());
