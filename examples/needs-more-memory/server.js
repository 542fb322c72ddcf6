// More than an instance of standard-1x has.
const taken = [];
for (let count = 0; count < 1_000; count += 1) taken.push(Buffer.alloc(8 * 1024 * 1024, 1));
require('node:http')
  .createServer((_request, response) => response.end('never'))
  .listen(process.env.PORT);
