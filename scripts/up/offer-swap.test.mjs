import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkSize, formatSwap, parseSwaps } from './offer-swap.mjs';

const folder = mkdtempSync(join(tmpdir(), 'berth-swap-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the host’s swap is read by file and size; a kernel without swap has none', () => {
  const text = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/zram0 partition\t8388604\t\t0\t\t100\n';
  expect(parseSwaps(text)).toEqual([{ file: '/dev/zram0', bytes: 8_388_604 * 1024 }]);
  expect(parseSwaps('Filename\tType\tSize\tUsed\tPriority\n')).toEqual([]);
  expect(parseSwaps('')).toEqual([]);
});

test.each(['8', '8GB', '0G', '-1G', '1.5G', 'G', '8g; reboot'])('%s is no size', (size) => {
  expect(() => checkSize(size)).toThrow(`BERTH_SWAP=${size} is not a size.`);
});

test.each(['8G', '512M'])('%s is one', (size) => checkSize(size));

test('a swap file is only root’s to read, of the asked size, and has the mark that swapon looks for', async () => {
  const file = join(folder, 'swapfile');
  await formatSwap(file, '1M');
  const { size, mode, blocks } = statSync(file);
  expect({ size, mode: mode & 0o777 }).toEqual({ size: 1024 * 1024, mode: 0o600 });
  expect(blocks * 512).toBeGreaterThanOrEqual(size); // swapon refuses a file with holes
  expect(
    readFileSync(file)
      .subarray(4096 - 10, 4096)
      .toString(),
  ).toBe('SWAPSPACE2');
});

test('one that cannot be made leaves nothing behind', async () => {
  const file = join(folder, 'small');
  await expect(formatSwap(file, '1')).rejects.toThrow('mkswap'); // too small for a header
  expect(existsSync(file)).toBe(false);
});
