import { describe, expect, it } from 'vitest';
import { chooseLayers, type KeptLayer, sharedLayers } from './kept-layers.js';

const path = (id: string) => `/var/lib/docker/overlay2/${id}/diff`;
const image = (labels: Record<string, string>, [upper, ...below]: string[]) => ({
  Config: { Labels: labels },
  GraphDriver: {
    Name: 'overlay2',
    Data: { UpperDir: path(upper!), ...(below.length > 0 && { LowerDir: below.map(path).join(':') }) },
  },
});
const node = {
  'berth.layers': 'stack runtime propagation dependencies code',
  'berth.runtime': 'node@24.21.0',
  'berth.stack': 'berth-13@sha256:ecb2',
};

describe('the layers that apps share', () => {
  it('are stack and runtime, whichever app has them', () => {
    expect(sharedLayers(image(node, ['c', 'd', 'p', 'r', 's']))).toEqual([
      { id: 's', name: 'berth-13', directory: path('s') },
      { id: 'r', name: 'node-24.21.0', directory: path('r') },
    ]);
    expect(sharedLayers(image({ ...node, 'berth.layers': 'stack' }, ['s']))).toHaveLength(1);
  });

  it('are none where the image does not say, or says something else than the engine', () => {
    expect(sharedLayers(image({}, ['c', 'd']))).toEqual([]);
    expect(sharedLayers(image(node, ['c', 'd', 'p', 'r']))).toEqual([]);
    expect(sharedLayers({ Config: { Labels: null } })).toEqual([]);
  });

  it('are none where the engine does not tell directories', () => {
    const { GraphDriver, ...rest } = image(node, ['c', 'd', 'p', 'r', 's']);
    expect(sharedLayers(rest)).toEqual([]);
    expect(sharedLayers({ ...rest, GraphDriver: null })).toEqual([]);
    expect(sharedLayers({ ...rest, GraphDriver: { Name: 'overlayfs', Data: null } })).toEqual([]);
    expect(sharedLayers({ ...rest, GraphDriver: { ...GraphDriver, Name: 'btrfs' } })).toEqual([]);
  });

  it('have names that an engine takes, whatever a label says', () => {
    const labels = { ...node, 'berth.layers': 'stack runtime', 'berth.runtime': `../é ${'x'.repeat(80)}` };
    const [, runtime] = sharedLayers(image(labels, ['r', 's']));
    expect(runtime?.name).toMatch(/^[a-zA-Z0-9_.-]{1,40}$/);
  });
});

describe('the choice of layers', () => {
  const layer = (id: string): KeptLayer => ({ id, name: id, directory: path(id) });
  const images = [
    { layers: [layer('stack'), layer('node')], instances: 3 },
    { layers: [layer('stack'), layer('java')], instances: 1 },
    { layers: [layer('stack'), layer('python')], instances: 2 },
    { layers: [], instances: 9 },
  ];
  const GiB = 1024 ** 3;
  const chosen = (memoryBytes: number) => chooseLayers(images, { memoryBytes, bytesEach: GiB / 4 }).map(({ id }) => id);

  it('is each of them once', () => expect(chosen(24 * GiB)).toEqual(['stack', 'node', 'python', 'java']));
  it('leaves out those that fewer use, on a host with little memory', () => {
    expect(chosen(4 * GiB)).toEqual(['stack', 'node']);
    expect(chosen(1 * GiB)).toEqual([]);
  });
});
