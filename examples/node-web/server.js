import { readFileSync } from 'node:fs';
import express from 'express';

const { name, version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const app = express();
app.disable('x-powered-by');

app.get('/', (_request, response) => {
  response.json({ app: name, version, node: process.version, release: process.env.HEROKU_RELEASE_VERSION ?? null });
});

const server = app.listen(process.env.PORT ?? 8080, () => console.log(`${name} ${version} listens`));
process.on('SIGTERM', () => server.close());
