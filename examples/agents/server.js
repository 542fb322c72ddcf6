import { createServer } from 'node:http';

// The agent was started before this process; it may still take a moment to listen.
async function askGreeter(tries = 50) {
  try {
    return await (await fetch('http://127.0.0.1:9100/')).text();
  } catch (error) {
    if (tries === 0) throw error;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return askGreeter(tries - 1);
  }
}

const server = createServer(async (_request, response) => response.end(`the agent says: ${await askGreeter()}\n`));
server.listen(process.env.PORT);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
