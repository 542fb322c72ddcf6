import { expect, test } from 'vitest';
import type { DockerHost } from './docker-host.js';
import { InstanceList } from './instance-status.js';
import { label } from './labels.js';

interface Container {
  state: string;
  exitCode: number;
  address: string;
}

/** A daemon with containers by their ids, that counts inspections. */
function daemon(containers: Map<string, Container>) {
  const inspected: string[] = [];
  const networks = ({ address }: Container) => ({ Networks: { one: { IPAddress: address } } });
  const docker = {
    listContainers: async () =>
      [...containers].map(([Id, one]) => ({
        Id,
        State: one.state,
        Status: one.state === 'exited' ? `Exited (${one.exitCode}) 3 hours ago` : 'Up 3 hours',
        NetworkSettings: networks(one),
      })),
    getContainer: (id: string) => ({
      inspect: async () => {
        inspected.push(id);
        const one = containers.get(id);
        if (!one) throw Object.assign(new Error('no such container'), { statusCode: 404 });
        return {
          Id: id,
          Config: { Labels: { [label.app]: id, [label.index]: '1' } },
          State: { Status: one.state, Running: one.state === 'running', ExitCode: one.exitCode, OOMKilled: false },
          NetworkSettings: networks(one),
          HostConfig: { Memory: 1 },
        };
      },
    }),
  };
  const host = { docker, names: { instance: 'test' } } as unknown as DockerHost;
  return { list: new InstanceList(host), inspected };
}

const running = { state: 'running', exitCode: 0, address: '10.0.0.2' };

test('a container that looks as it did is not inspected again; one that changed is', async () => {
  const containers = new Map<string, Container>([
    ['a', { ...running }],
    ['b', { ...running, address: '10.0.0.3' }],
  ]);
  const { list, inspected } = daemon(containers);
  await list.read();
  expect((await list.read()).map(({ state }) => state)).toEqual(['running', 'running']);
  expect(inspected).toEqual(['a', 'b']);
  containers.set('a', { state: 'exited', exitCode: 137, address: '' });
  expect(await list.read()).toMatchObject([{ state: 'exited', exitCode: 137, address: null }, { state: 'running' }]);
  containers.set('a', { ...running, address: '10.0.0.9' });
  expect(await list.read()).toMatchObject([{ state: 'running', address: '10.0.0.9' }, {}]);
  expect(inspected).toEqual(['a', 'b', 'a', 'a']);
});

test('exited twice, with another code: inspected twice', async () => {
  const containers = new Map([['a', { state: 'exited', exitCode: 1, address: '' }]]);
  const { list, inspected } = daemon(containers);
  await list.read();
  containers.set('a', { state: 'exited', exitCode: 2, address: '' });
  expect(await list.read()).toMatchObject([{ exitCode: 2 }]);
  expect(inspected).toHaveLength(2);
});

test('what changed between the list and the inspection is not taken for what was listed', async () => {
  const containers = new Map([['a', { ...running }]]);
  const { list, inspected } = daemon(containers);
  const reading = list.read();
  containers.set('a', { state: 'exited', exitCode: 1, address: '' }); // listed as running by now
  expect(await reading).toMatchObject([{ state: 'exited' }]);
  containers.set('a', { ...running });
  expect(await list.read()).toMatchObject([{ state: 'running' }]);
  expect(inspected).toHaveLength(2);
});

test('one that is removed after it was listed is left out', async () => {
  const containers = new Map([['a', { ...running }]]);
  const { list } = daemon(containers);
  const reading = list.read();
  containers.clear();
  expect(await reading).toEqual([]);
  expect(await list.read()).toEqual([]);
});
