const http = require('node:http');

http
  .createServer((request, response) => {
    console.error(`cannot answer ${request.url}: no template`);
    response.writeHead(500).end('Internal Server Error\n');
  })
  .listen(process.env.PORT);
