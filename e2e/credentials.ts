import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `npm start` wrote for the Berth that these tests run against. */
export const credentials = JSON.parse(
  readFileSync(join(process.env.BERTH_HOME ?? '.berth', 'credentials.json'), 'utf8'),
) as {
  apiUrl: string;
  gitUrl: string;
  dashboardUrl: string;
  email: string;
  password: string;
  token: string;
  caFile: string;
};
