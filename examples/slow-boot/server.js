const http = require('node:http');

const readyAt = Date.now() + 3_000;
http
  .createServer((_request, response) => {
    const isReady = Date.now() >= readyAt;
    response.writeHead(isReady ? 200 : 503).end(isReady ? 'warm\n' : 'warming up\n');
  })
  .listen(process.env.PORT);
