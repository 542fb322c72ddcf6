import { describe, expect, test } from 'vitest';
import { cutPage, parseRange } from './paging.js';

const versions = [1, 2, 3, 4, 5];
const pageOf = (header: string | undefined) => cutPage(versions, parseRange(header, 'version'), (version) => version);

describe('a Range header', () => {
  test.each([
    ['absent', undefined, [1, 2, 3, 4, 5], undefined],
    ['empty, as the CLI sends it', '', [1, 2, 3, 4, 5], undefined],
    ['newest first', 'version ..; order=desc', [5, 4, 3, 2, 1], undefined],
    ['the newest', 'version ..; order=desc,max=1', [5], 'version ]5..; order=desc, max=1'],
    ['options in the other order', 'version ..; max=2, order=desc', [5, 4], 'version ]4..; order=desc, max=2'],
    ['the answered next range', 'version ]4..; order=desc, max=2', [3, 2], 'version ]2..; order=desc, max=2'],
    ['the last page', 'version ]2..; order=desc, max=2', [1], undefined],
    ['both bounds', 'version 2..4', [2, 3, 4], undefined],
    ['both bounds, excluded', 'version ]2..4]', [3], undefined],
    ['by another field', 'id ..; max=1000;', [1, 2, 3, 4, 5], undefined],
  ])('%s', (_name, header, page, nextRange) => {
    expect(pageOf(header)).toEqual({ page, nextRange });
  });

  test('that cannot be read is refused', () => {
    expect(() => parseRange('bytes=0-1', 'version')).toThrow("Couldn't read the Range header");
  });
});
