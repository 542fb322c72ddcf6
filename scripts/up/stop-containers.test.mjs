import { expect, test } from 'vitest';
import { stopContainers } from './stop-containers.mjs';

/** An engine that notes what it is told. @param {{ Id: string, kind: string }[]} there */
function fakeEngine(there) {
  /** @type {string[]} */
  const told = [];
  const note = async (/** @type {string} */ method, /** @type {string} */ path, /** @type {any} */ body) => {
    const script = body?.HostConfig?.Binds.find((/** @type {string} */ bind) => bind.includes('/opt/script.sh'));
    if (path.endsWith('/stop?t=30')) told.push(path.split('/')[2] ?? '');
    if (script) told.push(script.split(':')[0].split('/').at(-1));
    return method === 'POST' && path === '/containers/create' ? { Id: 'helper' } : {};
  };
  const list = async () => there.map(({ Id, kind }) => ({ Id, State: 'running', Labels: { 'berth.kind': kind } }));
  const engine = /** @type {any} */ ({ list, ask: note, tryAsk: note });
  return { engine, told };
}

test('apps are thawed when nobody is left who would freeze them again, and before they are asked to end', async () => {
  const { engine, told } = fakeEngine([
    { Id: 'postgres', kind: 'part' },
    { Id: 'app', kind: 'instance' },
    { Id: 'releaser', kind: 'process' },
  ]);
  expect(await stopContainers(engine, 'berth')).toBe(3);
  expect(told).toEqual(['releaser', 'thaw-apps.sh', 'app', 'postgres']);
});

test('without apps nothing is thawed', async () => {
  const { engine, told } = fakeEngine([{ Id: 'postgres', kind: 'part' }]);
  await stopContainers(engine, 'berth');
  expect(told).toEqual(['postgres']);
});
