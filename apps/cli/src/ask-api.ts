import { readConfig } from './config.js';

/** One request to the Platform API. What it refuses is thrown in its own words; no answer at all says where it was looked for. */
export async function askApi<T>(method: string, path: string, body?: unknown): Promise<T> {
  const { apiUrl, token } = readConfig();
  const answer = await fetch(new URL(path, apiUrl), {
    method,
    headers: {
      accept: 'application/vnd.heroku+json; version=3',
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error(`Nothing answers at ${apiUrl}: is this Berth up?`);
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(sentenceOf(text) ?? `${method} ${path} was answered ${answer.status}.`);
  return isJson(answer) ? (JSON.parse(text) as T) : (text as T);
}

const isJson = (answer: Response) => answer.headers.get('content-type')?.includes('json') ?? false;

function sentenceOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
