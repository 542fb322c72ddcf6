import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from './answer-of.js';
import { archiveOf, ended, newApp, openWorld, push, readExpect, type World } from './open-world.js';

let world: World;
beforeAll(async () => {
  // As much weight as the tests themselves: what is tested is not how builds wait.
  world = await openWorld({ BERTH_BUILD_CPU_SHARES: '1024' });
});
afterAll(() => world?.close());

type App = Awaited<ReturnType<typeof newApp>>;

async function build(example: string, { app, changes = {} }: { app?: App; changes?: Record<string, string> } = {}) {
  const built = app ?? (await newApp(world));
  const result = await ended(world, await push(world, built, await archiveOf(example, changes)), 240_000);
  return { ...result, app: built, repository: `app/${built.repositoryId}` };
}

describe('a Go app', { timeout: 500_000 }, () => {
  it.each(['go-web', 'go-modules'])(
    '%s runs, answers, and has the same digest when it is built elsewhere',
    async (name) => {
      const one = await build(name);
      expect(one, one.output?.text).toMatchObject({ status: 'succeeded', errorMessage: null });
      const processes = one.image!.processTypes as { name: string; command: string }[];
      const expected = await readExpect(name);
      expect(processes.map((process) => process.name).sort()).toEqual(expected.processes);
      const web = processes.find((process) => process.name === 'web')!;
      const image = { repository: one.repository, digest: one.image!.digest, command: web.command };
      expect(await answerOf(world, image)).toContain(expected.body);
      expect((await build(name)).image!.digest).toBe(one.image!.digest);
    },
  );

  it('gets no source, but what lies beside it', async () => {
    const { image, repository } = await build('go-web');
    const manifest = await world.registry.getManifest(repository, image!.digest);
    const { layers } = JSON.parse(manifest!.bytes.toString()) as { layers: { size: number }[] };
    // The stack and the code: a stripped binary of net/http packs to about 2 MB.
    expect(layers).toHaveLength(2);
    expect(layers[1]!.size).toBeLessThan(4_000_000);
  });

  it('that is pushed again is compiled from what the last build left', async () => {
    const first = await build('go-modules');
    expect(first.output?.text).toMatch(/^\s*github\.com\/\S+$/m);
    const changes = { 'cmd/api/other.go': 'package main\n' };
    const again = await build('go-modules', { app: first.app, changes });
    expect(again.status).toBe('succeeded');
    expect(again.output?.text).toMatch(/^\s*example\.com\/\S+$/m);
    expect(again.output?.text).not.toMatch(/^\s*github\.com\/\S+$/m);
  });

  it('finds the standard library compiled', async () => {
    const { output } = await build('go-web');
    expect(output?.text).toMatch(/^\s*example\.com\/go-web$/m);
    expect(output?.text).not.toMatch(/^\s*net\/http$/m);
  });

  it('with vendored modules is built without asking for any', async () => {
    const changes = {
      'vendor/modules.txt': '# github.com/google/uuid v1.6.0\n## explicit\ngithub.com/google/uuid\n',
      'vendor/github.com/google/uuid/uuid.go': `package uuid

type UUID string

var NameSpaceDNS UUID

func NewSHA1(_ UUID, text []byte) UUID { return UUID(text) }
func (id UUID) String() string        { return "vendored " + string(id) }
`,
    };
    const { image, repository, status, output } = await build('go-modules', { changes });
    expect(status, output?.text).toBe('succeeded');
    const answer = await answerOf(world, { repository, digest: image!.digest, command: 'bin/api' });
    expect(answer).toBe('id vendored berth');
  });

  it.each([
    ['go-compile-error', {}],
    [
      'go-web',
      { 'go.mod': 'module example.com/x\n\ngo 1.99\n' },
      /There is no Go 1\.99\. The newest of each line: 1\./,
    ],
    [
      'go-web',
      { 'main.go': 'package main\n\nimport _ "github.com/google/uuid"\n\nfunc main() {}\n' },
      /no required module/,
    ],
  ] as [string, Record<string, string>, RegExp?][])(
    '%s %j is refused with one plain sentence',
    async (name, changes, message) => {
      const { status, errorMessage } = await build(name, { changes });
      expect(status).toBe('failed');
      expect(errorMessage).toMatch(message ?? '');
      if (!message) expect(errorMessage).toContain((await readExpect(name)).message);
    },
  );
});
