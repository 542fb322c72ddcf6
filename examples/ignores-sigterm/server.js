const http = require('node:http');

// It is killed when the grace of 30 s is over; the next release does not wait for that.
process.on('SIGTERM', () => console.log('SIGTERM: not now'));
http.createServer((_request, response) => response.end('still here\n')).listen(process.env.PORT);
