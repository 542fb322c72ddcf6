import { expect, test } from 'vitest';
import { withoutTimes } from './without-times.js';

const entry = (path: string, text: string) => ({
  ...{ path, type: 'file' as const, mode: 0o644, uid: 0, gid: 0 },
  ...{ content: Buffer.from(text), sizeBytes: text.length },
});
const textsOf = async (entries: Parameters<typeof withoutTimes>[0]) =>
  (await withoutTimes(entries)).map(({ content, sizeBytes }) => [String(content), sizeBytes]);

test('two trees of pnpm differ in their times only, and those are taken out', async () => {
  const tree = (time: string, stamp: number) => [
    entry('app/node_modules/.modules.yaml', `{ "hoistPattern": ["*"], "prunedAt": "${time}", "storeDir": "/cache" }`),
    entry('app/web/node_modules/.modules.yaml', `hoistPattern:\n  - '*'\nprunedAt: ${time}\nstoreDir: /cache\n`),
    entry('app/node_modules/.pnpm-workspace-state-v1.json', `{ "lastValidatedTimestamp": ${stamp}, "projects": {} }`),
  ];
  const [first, second] = [tree('Sat, 21 Nov 2026 17:30:44 GMT', 12), tree('Sun, 22 Nov 2026 07:30:44 GMT', 123456)];
  expect(await textsOf(first)).toEqual(await textsOf(second));
  expect(String((await withoutTimes(first))[0]?.content)).toContain('"storeDir": "/cache"');
});

test('files of packages stay as they are', async () => {
  const own = entry('app/node_modules/a/data.json', '{ "prunedAt": "now" }');
  expect(await withoutTimes([own])).toEqual([own]);
});
