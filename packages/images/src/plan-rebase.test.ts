import { describe, expect, it } from 'vitest';
import { planRebase } from './plan-rebase.js';
import type { PushedImage } from './push-image.js';

const layer = (name: string) => ({ digest: `sha256:packed-${name}`, diffId: `sha256:${name}`, sizeBytes: name.length });

function base(kind: 'stack' | 'runtime', version: string, labels: Record<string, string> = {}, layers = [version]) {
  const name = kind === 'stack' ? 'berth-13' : 'node';
  return {
    repository: `${kind}/${name}`,
    digest: `sha256:${kind}-${version}`,
    layers: layers.map((one) => layer(`${kind}-${one}`)),
    config: {
      env: kind === 'runtime' ? { PATH: `/node-${version}`, LANG: 'C.UTF-8' } : {},
      labels: { [`berth.${kind}`]: name, 'berth.version': version, ...labels },
    },
    sizeBytes: 1,
  } satisfies PushedImage;
}

const runtime = (version: string, abi: string) => base('runtime', version, { 'berth.abi': abi });
const image: PushedImage = {
  repository: 'app/1',
  digest: 'sha256:app',
  layers: ['stack-1', 'runtime-24.1.0', 'dependencies', 'code'].map(layer),
  config: {
    env: { PATH: '/node-24.1.0', LANG: 'C.UTF-8', HOME: '/app', MODE: 'fast' },
    user: '10001:10001',
    workingDir: '/app/web',
    labels: {
      'berth.stack': 'berth-13@sha256:stack-1',
      'berth.runtime': 'node@24.1.0',
      'berth.runtime.digest': 'sha256:runtime-24.1.0',
      'berth.abi': 'node-abi-137',
      'berth.runtime.wish': '>=20',
      'berth.layers': 'stack runtime dependencies code',
      'berth.env': 'HOME MODE',
      'berth.buildpack': 'node@1',
    },
    history: ['berth stack', 'berth runtime', 'berth dependencies', 'berth code'],
  },
  sizeBytes: 1,
};

describe('a rebase', () => {
  it('exchanges stack and runtime below the layers of the app, and what the image says of them', () => {
    expect(
      planRebase(image, { stack: base('stack', '2'), runtime: runtime('24.2.0', 'node-abi-137') }),
    ).toMatchInlineSnapshot(`
        {
          "config": {
            "env": {
              "HOME": "/app",
              "LANG": "C.UTF-8",
              "MODE": "fast",
              "PATH": "/node-24.2.0",
            },
            "history": [
              "berth stack berth-13@sha256:stack-2",
              "berth runtime node@24.2.0",
              "berth dependencies",
              "berth code",
            ],
            "labels": {
              "berth.abi": "node-abi-137",
              "berth.buildpack": "node@1",
              "berth.env": "HOME MODE",
              "berth.layers": "stack runtime dependencies code",
              "berth.runtime": "node@24.2.0",
              "berth.runtime.digest": "sha256:runtime-24.2.0",
              "berth.runtime.wish": ">=20",
              "berth.stack": "berth-13@sha256:stack-2",
            },
            "user": "10001:10001",
            "workingDir": "/app/web",
          },
          "kind": "move",
          "layers": [
            {
              "diffId": "sha256:stack-2",
              "digest": "sha256:packed-stack-2",
              "sizeBytes": 7,
            },
            {
              "diffId": "sha256:runtime-24.2.0",
              "digest": "sha256:packed-runtime-24.2.0",
              "sizeBytes": 14,
            },
            {
              "diffId": "sha256:dependencies",
              "digest": "sha256:packed-dependencies",
              "sizeBytes": 12,
            },
            {
              "diffId": "sha256:code",
              "digest": "sha256:packed-code",
              "sizeBytes": 4,
            },
          ],
          "mounts": [
            {
              "digest": "sha256:packed-stack-2",
              "from": "stack/berth-13",
            },
            {
              "digest": "sha256:packed-runtime-24.2.0",
              "from": "runtime/node",
            },
          ],
        }
      `);
  });

  it('of the stack alone leaves the runtime and its variables, and a stack may have more layers than the one before', () => {
    const plan = planRebase(image, { stack: base('stack', '2', {}, ['2a', '2b']), runtime: undefined });
    expect(plan).toMatchObject({ kind: 'move', config: { env: image.config.env } });
    expect(plan.kind === 'move' && plan.layers.map(({ diffId }) => diffId)).toEqual([
      'sha256:stack-2a',
      'sha256:stack-2b',
      'sha256:runtime-24.1.0',
      'sha256:dependencies',
      'sha256:code',
    ]);
    expect(plan.kind === 'move' && plan.config.labels['berth.layers']).toBe('stack stack runtime dependencies code');
    expect(plan.kind === 'move' && plan.config.labels['berth.runtime']).toBe('node@24.1.0');
  });

  it('exchanges what carries marks where there is one, and gives none to an image that has none', () => {
    const propagator = base('runtime', 'propagator-2');
    const marked = {
      ...image,
      layers: ['stack-1', 'runtime-24.1.0', 'propagator-1', 'code'].map(layer),
      config: { ...image.config, labels: { ...image.config.labels, 'berth.layers': 'stack runtime propagation code' } },
    };
    const plan = planRebase(marked, { stack: undefined, runtime: undefined, propagator });
    expect(plan).toMatchObject({
      kind: 'move',
      layers: ['stack-1', 'runtime-24.1.0', 'runtime-propagator-2', 'code'].map(layer),
      config: { env: image.config.env },
      mounts: [{ digest: layer('runtime-propagator-2').digest }],
    });
    expect(planRebase(image, { stack: undefined, runtime: undefined, propagator })).toEqual({ kind: 'unchanged' });
  });

  it('changes nothing when the layers are those that are there', () => {
    const target = { stack: base('stack', '1'), runtime: runtime('24.1.0', 'node-abi-137') };
    expect(planRebase(image, target)).toEqual({ kind: 'unchanged' });
    expect(planRebase(image, { stack: undefined, runtime: undefined })).toEqual({ kind: 'unchanged' });
  });

  it('of a rebased image is the rebase of the first one: twice the same target changes nothing', () => {
    const target = { stack: base('stack', '2'), runtime: runtime('24.2.0', 'node-abi-137') };
    const plan = planRebase(image, target);
    if (plan.kind !== 'move') throw new Error(plan.kind);
    expect(planRebase({ ...image, layers: plan.layers, config: plan.config }, target)).toEqual({ kind: 'unchanged' });
  });

  it.each([
    ['another binary interface', { stack: undefined, runtime: runtime('26.0.0', 'node-abi-147') }, 'it needs a build'],
    [
      'another release of the system',
      { stack: base('stack', '2', { 'berth.stack': 'berth-14' }), runtime: undefined },
      'it needs a build',
    ],
    [
      'another runtime',
      { stack: undefined, runtime: base('runtime', '3.13', { 'berth.runtime': 'python' }) },
      'built for node',
    ],
  ])('is refused for %s', (_, target, because) => {
    const plan = planRebase(image, target);
    expect(plan.kind === 'refused' && plan.because).toContain(because);
  });

  it('is refused for an image that does not say whose its layers are', () => {
    const bare = { ...image, config: { ...image.config, labels: {} } };
    expect(planRebase(bare, { stack: base('stack', '2'), runtime: undefined }).kind).toBe('refused');
    const wrong = { ...image, layers: image.layers.slice(1) };
    expect(planRebase(wrong, { stack: base('stack', '2'), runtime: undefined }).kind).toBe('refused');
  });

  it('does not move a runtime that is compiled into the app', () => {
    const compiled = {
      ...image,
      layers: [layer('stack-1'), layer('code')],
      config: { ...image.config, labels: { ...image.config.labels, 'berth.layers': 'stack code' } },
    };
    const empty = { ...runtime('24.2.0', 'node-abi-137'), layers: [] };
    expect(planRebase(compiled, { stack: undefined, runtime: empty })).toEqual({ kind: 'unchanged' });
  });
});
