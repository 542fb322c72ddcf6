import { Agent } from 'node:http';
import { request } from './request.js';

export interface LoadResult {
  count: number;
  failures: string[];
  /** Answers by text. */
  answers: Map<string, number>;
}

/**
 * Clients that ask one after the other until `stop`: half on keep-alive connections, half on a new one each time, every tenth
 * request a POST of 20 kB.
 */
export function startLoad(port: number, host: string, clients = 8): { stop: () => Promise<LoadResult> } {
  const result: LoadResult = { count: 0, failures: [], answers: new Map() };
  let isStopped = false;
  const loops = Array.from({ length: clients }, async (_, index) => {
    const agent = new Agent({ keepAlive: index % 2 === 0, maxSockets: 1 });
    for (let i = 0; !isStopped; i++) {
      const body = i % 10 === 9 ? Buffer.alloc(20_000, 'x') : undefined;
      try {
        const answer = await request(port, host, { agent, method: body ? 'POST' : 'GET', ...(body ? { body } : {}) });
        result.count++;
        if (answer.status !== 200) result.failures.push(`${answer.status} ${answer.text.slice(0, 80)}`);
        else result.answers.set(answer.text, (result.answers.get(answer.text) ?? 0) + 1);
      } catch (error) {
        result.failures.push(String(error));
      }
    }
    agent.destroy();
  });
  return {
    stop: async () => {
      isStopped = true;
      await Promise.all(loops);
      return result;
    },
  };
}
