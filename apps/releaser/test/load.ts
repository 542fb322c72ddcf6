import type { World } from './open-world.js';

/** Requests one after the other on 4 lanes until `stop`, which tells what came back. */
export function startLoad(world: World, app: string) {
  let isStopped = false;
  const failures: string[] = [];
  const answers = new Map<string, number>();
  const lane = async () => {
    while (!isStopped) {
      try {
        const { status, body } = await world.get(app);
        if (status !== 200) failures.push(`${status} ${body.slice(0, 80)}`);
        else answers.set(body, (answers.get(body) ?? 0) + 1);
      } catch (error) {
        failures.push(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const lanes = Array.from({ length: 4 }, lane);
  return {
    answers,
    stop: async () => {
      isStopped = true;
      await Promise.all(lanes);
      return { failures, answers };
    },
  };
}
