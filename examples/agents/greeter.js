import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end(`hello from beside ${process.env.DYNO}`));
server.listen(9100, '127.0.0.1', () => console.log('greeter is up'));
process.on('SIGTERM', () => server.close(() => console.log('greeter ends after the process')));
