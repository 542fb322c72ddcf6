import ms from 'ms';

const server = Bun.serve({
  hostname: '0.0.0.0',
  port: Number(process.env.PORT ?? 8080),
  fetch: () => Response.json({ runtime: 'bun', day: ms('1 day') }),
});
console.log(`bun ${Bun.version} listens`);
process.on('SIGTERM', () => server.stop().then(() => process.exit(0)));
