import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from './answer-of.js';
import { goApp, javaApp, nodeApp, phpApp, pythonApp, rubyApp, springApp } from './carrying-apps.js';
import { archiveOf, ended, type Files, newApp, openWorld, push, type World } from './open-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

/** Builds an example with other files, and asks its web process with these config vars. */
async function built(example: string, changes: Files) {
  const app = await newApp(world);
  const build = await ended(world, await push(world, app, await archiveOf(example, changes)));
  expect(build.status, build.output?.text).toBe('succeeded');
  const { digest } = build.image!;
  const web = (build.image!.processTypes as { name: string; command: string }[]).find(({ name }) => name === 'web')!;
  const answer = (env: Record<string, string> = {}) =>
    answerOf(world, { repository: `app/${app.repositoryId}`, digest, command: web.command, env });
  return Object.assign(answer, { output: build.output?.text ?? '' });
}

const carrying = { BERTH_PROPAGATE_TO: 'localhost' };
const switchedOff = { ...carrying, BERTH_PROPAGATE: '0' };

describe('an image carries the mark of its environment', { timeout: 240_000 }, () => {
  it('in Node.js, beside the NODE_OPTIONS of the app, and not when it is switched off', async () => {
    const answer = await built('node-web', nodeApp);
    const options = '--require=/opt/berth/propagation/node/propagate.cjs';
    expect(JSON.parse(await answer(carrying))).toEqual({ got: 'berth-env=checkout', options });
    const own = { NODE_OPTIONS: '--max-old-space-size=99' };
    expect(JSON.parse(await answer({ ...carrying, ...own }))).toEqual({
      got: 'berth-env=checkout',
      options: `${options} --max-old-space-size=99`,
    });
    expect(JSON.parse(await answer({ ...switchedOff, ...own }))).toEqual({ got: null, options: own.NODE_OPTIONS });
  });

  it('in Python, beside the PYTHONPATH of the app, and not when it is switched off', async () => {
    const answer = await built('python-flask', pythonApp);
    const path = '/opt/berth/propagation/python';
    // The image's own is /app.
    expect(JSON.parse(await answer(carrying))).toEqual({ got: 'berth-env=checkout', path: `${path}:/app`, minor: 13 });
    const own = { PYTHONPATH: '/app/lib' };
    expect(JSON.parse(await answer({ ...carrying, ...own }))).toMatchObject({
      got: 'berth-env=checkout',
      path: `${path}:/app/lib`,
    });
    expect(JSON.parse(await answer({ ...switchedOff, ...own }))).toMatchObject({ got: null, path: '/app/lib' });
  });

  it('in Go, and not when it is switched off', async () => {
    const answer = await built('go-web', goApp);
    expect(await answer(carrying)).toBe('got berth-env=checkout');
    expect(await answer()).toBe('got ');
    expect(await answer(switchedOff)).toBe('got ');
  });

  it('in Java, beside the JAVA_TOOL_OPTIONS of the app, and not when it is switched off', async () => {
    const answer = await built('java-spring', springApp);
    const agent = '-javaagent:/opt/berth/propagation/java/agent.jar';
    expect(await answer(carrying)).toBe(`got berth-env=checkout ${agent}`);
    const own = { JAVA_TOOL_OPTIONS: '-Xmx256m' };
    expect(await answer({ ...carrying, ...own })).toBe(`got berth-env=checkout ${agent} -Xmx256m`);
    expect(await answer({ ...switchedOff, ...own })).toBe('got null -Xmx256m');
  });

  it("in Java by OpenTelemetry's agent, where berth.yaml asks for it", async () => {
    const answer = await built('java-maven', { ...javaApp, 'berth.yaml': 'propagation: opentelemetry\n' });
    expect(answer.output).toContain("tells the environment's name, and all other baggage, to every host");
    const agent = '-javaagent:/opt/berth/propagation/opentelemetry/agent.jar';
    const own = { JAVA_TOOL_OPTIONS: '-Xmx256m' };
    expect(await answer(own)).toBe(`got berth-env=checkout ${agent} -Xmx256m`);
    expect(await answer({ ...switchedOff, ...own })).toBe('got null -Xmx256m');
  });

  it("not by OpenTelemetry's agent in an app that is not Java", async () => {
    const app = await newApp(world);
    const source = await archiveOf('node-web', { 'berth.yaml': 'propagation: opentelemetry\n' });
    const build = await ended(world, await push(world, app, source));
    expect(build.status).toBe('failed');
    expect(build.output?.text).toContain(
      'berth.yaml: propagation: opentelemetry is for Java apps that are built without a Dockerfile.',
    );
  });

  it('in PHP, beside the PHP_INI_SCAN_DIR of the app, and not when it is switched off', async () => {
    const answer = await built('php-plain', phpApp);
    const directory = '/opt/berth/propagation/php/conf:';
    expect(JSON.parse(await answer(carrying))).toEqual({ got: 'berth-env=checkout', directories: directory });
    const own = { PHP_INI_SCAN_DIR: ':/app/conf' };
    expect(JSON.parse(await answer({ ...carrying, ...own }))).toEqual({
      got: 'berth-env=checkout',
      directories: `${directory}:/app/conf`,
    });
    expect(JSON.parse(await answer({ ...switchedOff, ...own }))).toEqual({ got: null, directories: ':/app/conf' });
  });

  it('in Ruby, beside the RUBYOPT of the app, and not when it is switched off', async () => {
    const answer = await built('ruby-rack', rubyApp);
    // Bundler writes its own before it.
    const options = '-r/opt/berth/propagation/ruby/propagate.rb';
    const carried = (own: string) => ({
      got: 'berth-env=checkout',
      options: expect.stringMatching(`${options}${own}$`),
    });
    expect(JSON.parse(await answer(carrying))).toEqual(carried(''));
    const own = { RUBYOPT: '-W0' };
    expect(JSON.parse(await answer({ ...carrying, ...own }))).toEqual(carried(' -W0'));
    const without = JSON.parse(await answer({ ...switchedOff, ...own }));
    expect(without).toEqual({ got: null, options: expect.stringMatching(/-W0$/) });
    expect(without.options).not.toContain(options);
  });
});
