import type { LayerEntry } from '@berth/images/layer';
import { describe, expect, it } from 'vitest';
import { applyFileRules } from './apply-file-rules.js';

const app = { uid: 10_001, gid: 10_001 };
const file = (path: string, mode = 0o644): LayerEntry => ({ path, type: 'file', mode, ...app });
const entries: LayerEntry[] = [
  { path: 'app/data', type: 'directory', mode: 0o755, ...app },
  file('app/data/a.json'),
  file('app/bin/run.sh'),
  { path: 'app/data/link', type: 'symlink', linkTarget: 'a.json', mode: 0o777, ...app },
];
const of = (all: readonly LayerEntry[], path: string) => {
  const { mode, uid } = all.find((one) => one.path === path)!;
  return { mode, uid };
};

describe('file rules', () => {
  it('give one file its mode and leave the others', () => {
    const all = applyFileRules(entries, [{ path: 'bin/run.sh', owner: 'app', mode: 0o755 }]);
    expect(of(all, 'app/bin/run.sh')).toEqual({ mode: 0o755, uid: 10_001 });
    expect(all.filter(({ path }) => path !== 'app/bin/run.sh')).toEqual(
      entries.filter(({ path }) => path !== 'app/bin/run.sh'),
    );
  });

  it('go for a directory with everything in it, which can still be entered', () => {
    const all = applyFileRules(entries, [{ path: './data/', owner: 'root', mode: 0o440 }]);
    expect(of(all, 'app/data')).toEqual({ mode: 0o550, uid: 0 });
    expect(of(all, 'app/data/a.json')).toEqual({ mode: 0o440, uid: 0 });
    expect(of(all, 'app/data/link')).toEqual({ mode: 0o777, uid: 0 });
  });

  it('make a directory that is not there', () => {
    const all = applyFileRules(entries, [{ path: 'uploads/', owner: 'app', mode: 0o700 }]);
    expect(of(all, 'app/uploads')).toEqual({ mode: 0o700, uid: 10_001 });
  });

  it('refuse a file that is not there', () => {
    expect(() => applyFileRules(entries, [{ path: 'bin/rum.sh', owner: 'app' }])).toThrow(
      'berth.yaml: files: there is no file bin/rum.sh in the image.',
    );
  });
});
