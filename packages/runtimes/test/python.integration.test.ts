import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureDebianLayer } from '../src/debian/ensure-debian-layer.js';
import { compileBytecode } from '../src/python/compile-bytecode.js';
import { linkPython } from '../src/python/link-python.js';
import { pythonRuntime } from '../src/python/runtime.js';
import type { RuntimeParts } from '../src/runtime.js';
import { openParts } from './open-parts.js';

let parts: RuntimeParts;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ parts, close } = await openParts());
});
afterAll(() => close?.());

test('the interpreter and its compiled modules have the same bytes whenever they are made', {
  timeout: 180_000,
}, async () => {
  const make = () =>
    ensureDebianLayer(parts, {
      name: `trial-${randomUUID()}`,
      packages: ['python3-minimal'],
      isShipped: true,
      link: linkPython(parts, undefined),
    });
  const first = await make();
  expect((await make()).layer.diffId).toBe(first.layer.diffId);
});

test('modules are not compiled by whatever Python this host has', async () => {
  await expect(compileBytecode(parts, [])).rejects.toThrow('no interpreter');
});

test('the default is the Python of the stack, and its layers say what they may be moved to', {
  timeout: 180_000,
}, async () => {
  const version = await pythonRuntime.resolve(parts, undefined);
  expect(version).toMatch(/^3\.13\./);
  const runtime = await pythonRuntime.ensureRun(parts, version);
  expect(runtime.config.labels['berth.abi']).toBe('berth-13/cpython-313');
  expect(JSON.parse(runtime.config.labels['berth.packages']!)).toContainEqual(
    expect.stringMatching(/^python3\.13=3\.13\./),
  );
  expect(await pythonRuntime.ensureRun(parts, version)).toEqual(runtime);
});
