require('node:http')
  .createServer((_request, response) => response.end('never'))
  .listen(process.env.PORT);
