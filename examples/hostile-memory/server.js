require('node:http')
  .createServer((_request, response) => response.end('should never run'))
  .listen(process.env.PORT);
