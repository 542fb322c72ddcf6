const http = require('node:http');

http
  .createServer((_request, response) => response.end('live after its release phase\n'))
  .listen(process.env.PORT, () => console.log(`listening on ${process.env.PORT}`));
