import { saveHostLook } from '@berth/platform/usage/host-look';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addPerson, call, startTestApi, type TestApi } from './start-test-api.js';

const GiB = 1024 ** 3;
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

test('the host is told to owners of the installation, when somebody has looked at it', async () => {
  expect((await api.ask('GET', '/capacity')).body).toEqual({ at: null });
  await saveHostLook(api.platform, {
    ...{ cpus: 2, headroomBytes: GiB, swap: { totalBytes: GiB, freeBytes: GiB }, containers: [] },
    ...{ memory: { totalBytes: 8 * GiB, availableBytes: 5 * GiB }, appOf: new Map() },
  });
  expect((await api.ask('GET', '/capacity')).body).toMatchObject({
    host: { cpus: 2, memory_bytes: 8 * GiB, available_bytes: 5 * GiB, swap_bytes: GiB, headroom_bytes: GiB },
    running: { apps: 0, reserved: { memory_bytes: 0, cpus: 0 }, used: { memory_bytes: 0, cpus: 0 } },
    asleep: { apps: 0, frozen: 0, pushed_out: 0, stopped: 0, image_only: 0, freed_bytes: 0 },
    room: { memory_bytes: 4 * GiB, full_apps: 8, usual_apps: null, missing_bytes: 0 },
  });
  const { token } = await addPerson(
    api.platform,
    { userId: api.admin.userId },
    { email: 'second@example.com', role: 'admin' },
  );
  const refused = await call(api, token, 'GET', '/capacity');
  expect([refused.status, refused.body.message]).toEqual([403, 'Only owners of team default see the host.']);
});
