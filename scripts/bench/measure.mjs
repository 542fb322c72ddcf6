import { request } from 'node:http';

/** The median of some numbers. */
export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** The number that a command's output begins with. */
export const bytesOf = (output) => Number.parseInt(String(output), 10);

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The value below which `q` (0 to 1) of some numbers are. */
export const quantile = (of, q) => [...of].sort((a, b) => a - b)[Math.min(of.length - 1, Math.floor(of.length * q))];

/** ms of a request on a connection of its own until its answer is whole; throws an error with `status` when that is not 200. */
export function ask(options) {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request({ path: '/', agent: false, timeout: 30_000, ...options }, (response) => {
      response.resume().on('end', () => {
        const { statusCode: status } = response;
        if (status === 200) resolve(performance.now() - begun);
        else reject(Object.assign(new Error(`status ${status}`), { status }));
      });
    });
    sent.on('error', reject).on('timeout', () => sent.destroy(new Error('timeout')));
    sent.end();
  });
}

/** ms that `body` took, and what it gave. */
export async function timed(body) {
  const startedAt = performance.now();
  const result = await body();
  return { ms: performance.now() - startedAt, result };
}

/** Runs the named variants in turn, A B A B …, `runs` times each; returns ms per variant. */
export async function interleave(runs, variants) {
  const times = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (let run = 0; run < runs; run++)
    for (const [name, variant] of Object.entries(variants)) {
      times[name].push(await variant(run));
      process.stdout.write('.');
    }
  process.stdout.write('\n');
  return times;
}

/** A Markdown row of medians and their range in seconds. */
export const row = (name, times) =>
  `| ${name} | ${(median(times) / 1000).toFixed(2)} | ${(Math.min(...times) / 1000).toFixed(2)} – ${(Math.max(...times) / 1000).toFixed(2)} |`;

/** Polls a URL every few ms until `isIt(text)`; throws after `timeoutMs`. */
export async function untilAnswer(url, headers, isIt, timeoutMs = 60_000) {
  const ask = () =>
    new Promise((resolve) => {
      const asked = request(url, { headers, agent: false, timeout: 1000 }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode, text }));
        response.on('error', () => resolve(undefined));
      });
      asked.on('error', () => resolve(undefined)).on('timeout', () => asked.destroy());
      asked.end();
    });
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const answer = await ask();
    if (answer?.status === 200 && isIt(answer.text)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${url} did not answer as expected in ${timeoutMs} ms`);
}
