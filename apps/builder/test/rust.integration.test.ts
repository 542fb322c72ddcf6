import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from './answer-of.js';
import { archiveOf, ended, examples, newApp, openWorld, push, readExpect, type World } from './open-world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

type App = Awaited<ReturnType<typeof newApp>>;

async function build(app: App, example: string, changes: Record<string, string | undefined> = {}) {
  return ended(world, await push(world, app, await archiveOf(example, changes)), 400_000);
}

async function answerTo(app: App, { image }: Awaited<ReturnType<typeof build>>): Promise<string> {
  const [web] = image!.processTypes as { command: string }[];
  return answerOf(world, { repository: `app/${app.repositoryId}`, digest: image!.digest, command: web!.command });
}

describe('a Rust app', { timeout: 900_000 }, () => {
  it('compiles only what a push changed, and is the same image when another app with an empty cache builds it', async () => {
    const example = 'rust-dependency';
    const app = await newApp(world);
    const first = await build(app, example);
    expect(first, first.output?.text).toMatchObject({ status: 'succeeded', errorMessage: null });
    expect(await answerTo(app, first)).toContain((await readExpect(example)).body);
    expect(first.output?.text).toContain('Compiling tiny_http');

    const main = await readFile(join(examples, example, 'src/main.rs'), 'utf8');
    const changed = await build(app, example, { 'src/main.rs': main.replace('greeting)', '"changed")') });
    expect(changed.output?.text).toContain('Compiling hello');
    expect(changed.output?.text).not.toContain('Compiling tiny_http');
    expect(await answerTo(app, changed)).toContain('changed');

    const back = await build(app, example);
    expect(back.image?.digest, back.output?.text).toBe(first.image!.digest);
    const elsewhere = await build(await newApp(world), example);
    expect(elsewhere.image?.digest, elsewhere.output?.text).toBe(first.image!.digest);
  });

  it('that did not compile leaves nothing half done: the push before it is compiled again as it was', async () => {
    const app = await newApp(world);
    const first = await build(app, 'rust-web');
    expect(first, first.output?.text).toMatchObject({ status: 'succeeded', errorMessage: null });
    const broken = await build(app, 'rust-web', { 'src/main.rs': 'fn main() {\n    serve();\n}\n' });
    expect(broken.errorMessage).toContain('src/main.rs:2: cannot find function `serve` in this scope.');
    const again = await build(app, 'rust-web');
    expect(again.image?.digest, again.output?.text).toBe(first.image!.digest);
  });

  it('whose lockfile does not fit is told what to do', async () => {
    const { status, errorMessage } = await build(await newApp(world), 'rust-bad-lockfile');
    expect(status).toBe('failed');
    expect(errorMessage).toContain((await readExpect('rust-bad-lockfile')).message);
  });

  it('that asks for a Rust that is not there is told which there is', async () => {
    const { status, errorMessage } = await build(await newApp(world), 'rust-web', { 'rust-toolchain': '1.70.0\n' });
    expect(status).toBe('failed');
    expect(errorMessage).toMatch(/^There is no Rust 1\.70\.0 here, but 1\.[\d.]+, which is Debian's\./);
  });
});
