import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from './answer-of.js';
import { buildOf, expectAnswer } from './expect-answer.js';
import { archiveOf, ended, newApp, openWorld, push, readExpect, type World } from './open-world.js';

const good = ['python-flask', 'python-fastapi-uv', 'python-django-poetry', 'python-pipenv'];
const bad = ['python-bad-requirement', 'python-wrong-version'];

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

describe('a build of a Python app', { timeout: 400_000 }, () => {
  it.each(good)('makes an image of %s that runs and answers', async (example) => {
    await expectAnswer(world, example, await buildOf(world, example));
  });

  it('installs nothing when the requirements are those of another app of the team, and needs no jail', async () => {
    await ended(world, await push(world, await newApp(world), await archiveOf('python-flask')));
    const jails = world.seen.jails;
    const changed = await archiveOf('python-flask', { 'notes.md': 'another commit' });
    const build = await ended(world, await push(world, await newApp(world), changed));
    expect(build.output?.text).toContain('Dependencies: unchanged');
    expect(world.seen.jails).toBe(jails);
  });

  it('is the same from modules that an earlier build of the app compiled and from none', async () => {
    const app = await newApp(world);
    await ended(
      world,
      await push(
        world,
        app,
        await archiveOf('python-flask', { 'requirements.txt': 'flask==3.1.1\ngunicorn==23.0.0\n' }),
      ),
    );
    const more = { 'requirements.txt': 'flask==3.1.1\ngunicorn==23.0.0\nsix==1.17.0\n' };
    const later = await ended(world, await push(world, app, await archiveOf('python-flask', more)));
    const first = await ended(world, await push(world, await newApp(world), await archiveOf('python-flask', more)));
    expect(later.output?.text).toContain('Installing dependencies');
    expect(first.output?.text).toContain('Installing dependencies');
    expect(later.image!.digest).toBe(first.image!.digest);
  });

  it('installs for this commit only when the requirements name a folder of the repository', async () => {
    const changes = {
      'requirements.txt': './greeter\ngunicorn==23.0.0\n',
      'greeter/pyproject.toml': '[project]\nname = "greeter"\nversion = "1.0"\ndependencies = ["flask==3.1.2"]\n',
      'greeter/greeter.py': 'WORD = "from a folder"\n',
      'app.py':
        'import greeter\nfrom flask import Flask\napp = Flask(__name__)\n@app.get("/")\ndef hello():\n    return greeter.WORD\n',
      Procfile: 'web: gunicorn app:app\n',
    };
    const app = await newApp(world);
    const build = await ended(world, await push(world, app, await archiveOf('python-flask', changes)));
    expect(build.output?.text).toContain('for this commit only: requirements.txt names ./greeter');
    expect(build.status, build.output?.text).toBe('succeeded');
    const answer = await answerOf(world, {
      repository: `app/${app.repositoryId}`,
      digest: build.image!.digest,
      command: 'gunicorn app:app',
    });
    expect(answer).toBe('from a folder');
  });

  it.each(bad)('refuses %s with one plain sentence', async (example) => {
    const build = await ended(world, await push(world, await newApp(world), await archiveOf(example)));
    const expected = await readExpect(example);
    expect(build.status).toBe('failed');
    expect(build.errorMessage).toContain(expected.message);
  });
});
