const http = require('node:http');

// `/` answers 404 for good: only the health check's own path says that the app is ready.
http
  .createServer((request, response) => {
    if (request.url === '/healthz') response.end('healthy\n');
    else response.writeHead(404).end('nothing here\n');
  })
  .listen(process.env.PORT);
