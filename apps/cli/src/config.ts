/** Where this Berth is and who asks: what `npm run env` exports for the Heroku CLI. */
export interface Config {
  apiUrl: string;
  token: string;
}

/** Throws with one plain sentence when the shell does not know a Berth. */
export function readConfig(): Config {
  const apiUrl = process.env.BERTH_API_URL ?? process.env.HEROKU_HOST;
  const token = process.env.BERTH_API_KEY ?? process.env.HEROKU_API_KEY;
  if (!apiUrl || !token)
    throw new Error(
      'This shell knows no Berth: run eval "$(npm run -s env)" in its folder, or set BERTH_API_URL and BERTH_API_KEY.',
    );
  return { apiUrl, token };
}

/** What a command that we start is told, beside what we tell it. */
export const inheritedEnv = (): NodeJS.ProcessEnv => process.env;
