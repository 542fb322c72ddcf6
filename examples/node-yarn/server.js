const { createServer } = require('node:http');
const ms = require('ms');

let hasDevDependency = true;
try {
  require.resolve('semver');
} catch {
  hasDevDependency = false;
}

const server = createServer((_request, response) =>
  response.end(JSON.stringify({ app: 'node-yarn', day: ms('1 day'), hasDevDependency })),
);
server.listen(process.env.PORT ?? 8080);
process.on('SIGTERM', () => server.close());
