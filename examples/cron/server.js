import { createServer } from 'node:http';

const server = createServer((_request, response) =>
  response.end('its cron jobs are in the log as cron.1 and cron.2\n'),
);
server.listen(process.env.PORT);
process.on('SIGTERM', () => server.close());
