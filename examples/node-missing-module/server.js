const ms = require('ms');

require('node:http')
  .createServer((_request, response) => response.end(`a day has ${ms('1 day')} ms`))
  .listen(process.env.PORT);
