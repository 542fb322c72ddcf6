const http = require('node:http');

// Nobody but the instance itself reaches 127.0.0.1.
http.createServer((_request, response) => response.end('hello\n')).listen(process.env.PORT, '127.0.0.1');
