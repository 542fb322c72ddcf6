const http = require('node:http');
const ms = require('ms');
const facts = require('./facts.json');

http
  .createServer((_request, response) => response.end(JSON.stringify({ ...facts, day: ms('1 day') })))
  .listen(process.env.PORT);
