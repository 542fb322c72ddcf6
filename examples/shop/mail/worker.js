import { readFileSync } from 'node:fs';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';

const version = readFileSync(new URL('VERSION', import.meta.url), 'utf8').trim();
const { BERTH_ENVIRONMENT: environment, REDIS_URL, USERS_URL } = process.env;

if (REDIS_URL) {
  const connection = new Redis(REDIS_URL, { maxRetriesPerRequest: null });
  new Worker(
    'mail',
    async ({ data }) => {
      const user = await (await fetch(USERS_URL ?? 'http://users.internal')).json();
      const mail = { service: 'mail', version, environment, ...data, calls: [user] };
      await connection.rpush('mails', JSON.stringify(mail));
      console.log(`mail of ${environment} sent for order ${data.order}`);
    },
    { connection },
  );
} else {
  console.log('mail waits: there is no REDIS_URL');
  setInterval(() => {}, 3_600_000);
}
