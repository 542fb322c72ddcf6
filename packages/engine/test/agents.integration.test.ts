import { parseAgentLine } from '@berth/domain/agent-line';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../daemon/test/until.js';
import { demux } from '../src/docker/demux.js';
import type { GroupSpec } from '../src/interface.js';
import { openTestEngine, type TestEngine } from './open-engine.js';
import { pushedEmptyImage } from './pushed-platform-image.js';

/** Says that it is up, works until SIGTERM, takes `seconds` to end, and says that too. */
const polite = (name: string, seconds: number, code = 0) =>
  `trap 'sleep ${seconds}; echo ${name} ends; exit ${code}' TERM; echo ${name} up; while :; do sleep 0.05; done`;

/** dash itself prints `Terminated` when what it waits for was. */
const isOwn = (line: string) => line !== '' && !line.endsWith('Terminated');

/** Answers a request after a second; after SIGTERM it answers the one that is open and ends. */
const slowServer = `exec perl -MIO::Socket::INET -e '
  my $s = IO::Socket::INET->new(LocalPort => 8080, Listen => 5, ReuseAddr => 1) or die; my $over; $SIG{TERM} = sub { $over = 1 };
  $| = 1; print "listening\\n";
  until ($over) { my $c = $s->accept or next; print "open\\n"; my $end = time + 2; select(undef, undef, undef, 0.1) while time < $end;
    print $c "HTTP/1.0 200 OK\\r\\n\\r\\nwhole answer"; close $c }
  print "served\\n"; exit 5'`;

describe('an instance with agents', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openTestEngine();
    await engine.release.ensureNetwork({ environmentId: 'env-a', kind: 'stable' });
  });
  afterAll(() => engine.close());

  const start = async (more: Partial<GroupSpec>) => {
    const group = engine.group(more);
    const { containerId, address } = await engine.release.startInstance(group, 1);
    const container = engine.docker.getContainer(containerId);
    const lines = async () => {
      const printed = await container.logs({ stdout: true, stderr: true });
      const texts: Buffer[] = [];
      for await (const { text } of demux(once(printed))) texts.push(text);
      return Buffer.concat(texts).toString().split('\n').filter(isOwn).map(parseAgentLine);
    };
    const has = (text: string) => until(text, async () => (await lines()).some((line) => line.text === text));
    return {
      containerId,
      address,
      container,
      lines,
      has,
      texts: async () => (await lines()).map(({ text }) => text),
      exitCode: async () => (await container.inspect()).State.ExitCode,
      remove: () => engine.release.removeInstance({ ...group, index: 1 }, 0),
    };
  };

  it('stops the main process first, then the agents, and has the main process’s code', async () => {
    const agents = [
      { name: 'first', command: polite('first', 0.3) },
      { name: 'second', command: polite('second', 0.3) },
    ];
    const instance = await start({ rolloutId: 'order', command: polite('main', 0.8, 3), agents });
    for (const name of ['first', 'second', 'main']) await instance.has(`${name} up`);
    const began = Date.now();
    await instance.container.stop({ t: 50 });
    expect(Date.now() - began).toBeLessThan(30_000);
    const ends = (await instance.lines()).filter(({ text }) => text.endsWith(' ends'));
    expect(ends[0]).toEqual({ agent: undefined, text: 'main ends' });
    expect(
      ends
        .slice(1)
        .map(({ agent, text }) => `${agent}: ${text}`)
        .sort(),
    ).toEqual(['first: first ends', 'second: second ends']);
    expect(await instance.exitCode()).toBe(3);
    await instance.remove();
  });

  it('starts the agents before the main process, and ends with it when that ends by itself', async () => {
    const agents = [{ name: 'proxy', command: polite('proxy', 0.1) }];
    const instance = await start({ rolloutId: 'ends', command: 'sleep 1; echo main; exit 7', agents });
    await until('the end', async () => !(await instance.container.inspect()).State.Running);
    expect(await instance.texts()).toEqual(['proxy up', 'main', 'proxy ends']);
    expect(await instance.exitCode()).toBe(7);
    await instance.remove();
  });

  it('has the code of a main process that cannot be started, or is killed', async () => {
    const agents = [{ name: 'proxy', command: 'sleep 100' }];
    const ended = async (rolloutId: string, command: string) => {
      const instance = await start({ rolloutId, command, agents });
      await until('the end', async () => !(await instance.container.inspect()).State.Running);
      const code = await instance.exitCode();
      await instance.remove();
      return code;
    };
    expect(await ended('missing', 'no-such-program')).toBe(127);
    expect(await ended('killed', 'kill -9 $$; true')).toBe(137);
  });

  it('starts an agent again that ends, and says so among its lines', async () => {
    const agents = [{ name: 'flaky', command: 'echo try; exit 4' }];
    const instance = await start({ rolloutId: 'flaky', command: 'sleep infinity', agents });
    await until('two tries', async () => (await instance.texts()).filter((text) => text === 'try').length >= 2);
    expect(await instance.lines()).toContainEqual({
      agent: 'flaky',
      text: 'The agent flaky ended with code 4; it is started again in 1 s.',
    });
    expect((await instance.container.inspect()).State.Running).toBe(true);
    expect(await engine.release.lastLines({ rolloutId: 'flaky', processType: 'web', index: 1 }, 50)).toContain(
      '[flaky] try',
    );
    await instance.remove();
  });

  it('does not wait for an agent that ignores SIGTERM longer than its grace', async () => {
    const agents = [{ name: 'deaf', command: "trap '' TERM; echo deaf up; while :; do sleep 0.1; done" }];
    const instance = await start({ rolloutId: 'deaf', command: polite('main', 0), agents });
    await instance.has('deaf up');
    await instance.has('main up');
    const began = Date.now();
    await instance.container.stop({ t: 50 });
    expect(Date.now() - began).toBeLessThan(30_000);
    expect(await instance.exitCode()).toBe(0);
    await instance.remove();
  });

  it('answers the request that is open when SIGTERM comes', async () => {
    const agents = [{ name: 'proxy', command: polite('proxy', 0) }];
    const instance = await start({ rolloutId: 'request', command: slowServer, agents });
    await instance.has('listening');
    const answer = fetch(`http://${instance.address}:8080/`).then((response) => response.text());
    await instance.has('open');
    const [text] = await Promise.all([answer, instance.container.stop({ t: 20 })]);
    expect(text).toBe('whole answer');
    expect((await instance.texts()).slice(-2)).toEqual(['served', 'proxy ends']);
    expect(await instance.exitCode()).toBe(5);
    await instance.remove();
  });

  it('reaps what the main process and the agents leave behind', async () => {
    const orphans = 'for i in 1 2 3 4 5; do (sleep 0.2 &) ; done; echo made; exec sleep infinity';
    const agents = [{ name: 'proxy', command: orphans }];
    const instance = await start({ rolloutId: 'orphans', command: orphans, agents });
    await until('both', async () => (await instance.texts()).filter((text) => text === 'made').length === 2);
    const states = async () => (await engine.inContainer(instance.containerId, 'ps', '-eo', 'stat=,comm=')).stdout;
    await until('only what runs', async () => !/sleep\n(.|\n)*sleep\n(.|\n)*sleep/.test(await states()));
    expect(await states()).not.toMatch(/^Z/m);
    await instance.remove();
  });

  it('is refused with a sentence when the image has no shell', async () => {
    const image = await pushedEmptyImage(engine.settings.registryPullHost);
    const agents = [{ name: 'proxy', command: 'sleep 100' }];
    const starting = start({ rolloutId: 'bare', image, argv: ['/app'], agents });
    await expect(starting).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/^This image has no shell \(\/bin\/sh\), which agents need/),
    });
  });

  it('gives the main process the signals of an interactive one, and its lines no mark', async () => {
    const agents = [{ name: 'proxy', command: 'sleep 100' }];
    const command = `exec perl -e '$| = 1; $SIG{INT} = sub { print "INT\\n"; exit 0 }; print "up\\n"; sleep 100'`;
    const instance = await start({ rolloutId: 'signals', command, agents });
    await instance.has('up');
    await instance.container.kill({ signal: 'SIGINT' });
    await until('the end', async () => !(await instance.container.inspect()).State.Running);
    expect(await instance.lines()).toContainEqual({ agent: undefined, text: 'INT' });
    await instance.remove();
  });
});

async function* once(chunk: Buffer): AsyncGenerator<Buffer> {
  yield chunk;
}
