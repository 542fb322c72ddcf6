import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { greeting } from '@example/greeting';

const server = createServer((_request, response) => {
  const isOtherHere = existsSync(new URL('../other', import.meta.url));
  response.end(JSON.stringify({ greeting: greeting('web'), isOtherHere }));
});
server.listen(process.env.PORT ?? 8080);
process.on('SIGTERM', () => server.close());
