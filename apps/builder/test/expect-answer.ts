import { expect } from 'vitest';
import { answerOf } from './answer-of.js';
import { archiveOf, ended, type Files, newApp, push, readExpect, type World } from './open-world.js';

/** An example, with some files changed, pushed to a new app: the build when it is over. */
export async function buildOf(world: World, example: string, changes: Files = {}, timeoutMs?: number) {
  const app = await newApp(world);
  const build = await ended(world, await push(world, app, await archiveOf(example, changes)), timeoutMs);
  return { app, build, repository: `app/${app.repositoryId}` };
}

/** The build succeeded, with the processes that expect.json names, and its image answers as that says. */
export async function expectAnswer(
  world: World,
  example: string,
  { repository, build }: Pick<Awaited<ReturnType<typeof buildOf>>, 'repository' | 'build'>,
): Promise<void> {
  const expected = await readExpect(example);
  expect(build, build.output?.text).toMatchObject({ status: 'succeeded', errorMessage: null });
  const processes = build.image!.processTypes as { name: string; command: string }[];
  const names = processes.map(({ name }) => name).filter((name) => name !== 'release');
  if (expected.processes) expect(names.sort()).toEqual(expected.processes);
  const { command } = processes.find(({ name }) => name === 'web')!;
  const wanted = { repository, digest: build.image!.digest, command, ...(expected.path && { path: expected.path }) };
  expect(await answerOf(world, wanted)).toContain(expected.body);
}
