import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const mode = (path) => (statSync(path).mode & 0o777).toString(8);

function mayWrite(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const server = createServer((request, response) => {
  if (request.url === '/up') return response.end('up\n');
  writeFileSync('uploads/last.txt', 'written by the app\n');
  response.end(
    JSON.stringify({
      ...JSON.parse(readFileSync('built.json', 'utf8')),
      hello: mode('bin/hello.sh'),
      uploads: mode('uploads'),
      settings: mayWrite('settings.json'),
      cacheInImage: existsSync('.made-before'),
      cpus: process.env.NUM_CPUS,
      memory: process.env.MEMORY_AVAILABLE,
    }),
  );
});
server.listen(process.env.PORT);
process.on('SIGTERM', () => server.close());
