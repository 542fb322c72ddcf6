import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from './answer-of.js';
import { archiveOf, ended, newApp, openWorld, push, readExpect, type World } from './open-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld({ BERTH_GRADLE_DISTRIBUTIONS: 'https://gradle.example.com/mirror/' });
});
afterAll(() => world?.close());

async function build(example: string, changes: Record<string, string | undefined> = {}) {
  const app = await newApp(world);
  const result = await ended(world, await push(world, app, await archiveOf(example, changes)), 400_000);
  return { ...result, repository: `app/${app.repositoryId}` };
}

async function answerTo({ image, repository }: Awaited<ReturnType<typeof build>>): Promise<string> {
  const processes = image!.processTypes as { name: string; command: string }[];
  const web = processes.find(({ name }) => name === 'web')!;
  return answerOf(world, { repository, digest: image!.digest, command: web.command });
}

describe('a Java app', { timeout: 900_000 }, () => {
  it.each([
    ['java-maven', 'Maven'],
    ['java-gradle', "Debian's Gradle"],
  ])('%s built by %s runs, and is the same image when another app with an empty cache builds it', async (example) => {
    const first = await build(example);
    expect(first, first.output?.text).toMatchObject({ status: 'succeeded', errorMessage: null });
    expect(await answerTo(first)).toContain((await readExpect(example)).body);
    const second = await build(example);
    expect(second.image?.digest, second.output?.text).toBe(first.image!.digest);
  });

  it('of Spring Boot gets its port, without a Procfile', async () => {
    const built = await build('java-spring');
    expect(built, built.output?.text).toMatchObject({ status: 'succeeded', errorMessage: null });
    expect(await answerTo(built)).toContain((await readExpect('java-spring')).body);
  });

  it('that does not compile is refused with the place in the code', async () => {
    const { status, errorMessage } = await build('java-compile-error');
    expect(status).toBe('failed');
    expect(errorMessage).toContain((await readExpect('java-compile-error')).message);
  });

  it('that asks for a Java that is not there is told which there are', async () => {
    const { status, errorMessage } = await build('java-maven', { 'system.properties': 'java.runtime.version=11\n' });
    expect(status).toBe('failed');
    expect(errorMessage).toMatch(/^There is no Java 11 here\. There is: 17\.[\d.]+, 21\.[\d.]+, 25\.[\d.]+\.$/);
  });

  it("fetches the Gradle of its wrapper from the installation's mirror", async () => {
    // In the place of Gradle's own start script, which would fetch what this file says.
    const { errorMessage, output } = await build('java-gradle', {
      gradlew: 'cat gradle/wrapper/gradle-wrapper.properties; exit 3\n',
      'gradle/wrapper/gradle-wrapper.jar': '',
      'gradle/wrapper/gradle-wrapper.properties':
        'zipStorePath=wrapper/dists\ndistributionUrl=https\\://gradle.example.org/distributions/gradle-8.14-bin.zip\n',
    });
    expect(errorMessage).toBe('Building failed: "./gradlew assemble" ended with exit code 3.');
    expect(output?.text).toContain('distributionUrl=https://gradle.example.com/mirror/gradle-8.14-bin.zip');
  });
});
