'use strict';

// A hello world that tells what CPU it has used so far, µs.
const http = require('node:http');

const server = http.createServer((request, response) => {
  if (request.url !== '/cpu') return response.end('Hello, world\n');
  const { user, system } = process.cpuUsage();
  response.end(String(user + system));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
