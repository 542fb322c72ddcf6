const http = require('node:http');

http
  .createServer((_request, response) => response.end('never live\n'))
  .listen(process.env.PORT, () => console.log(`listening on ${process.env.PORT}`));
