import type { LayerEntry } from '@berth/images/layer';
import { expect, test } from 'vitest';
import { placeEntries } from './place-entries.js';

const file = (path: string): LayerEntry => ({ path, type: 'file', mode: 0o644, uid: 0, gid: 0 });
const directory = (path: string): LayerEntry => ({ path, type: 'directory', mode: 0o755, uid: 0, gid: 0 });
const links = { lib: 'usr/lib', bin: 'usr/bin', 'var/run': '/run', 'usr/share/x': '../lib/x' };

test('a package of the time before /usr was merged does not put a directory in the place of the symlink /lib', () => {
  const placed = placeEntries([directory('lib'), directory('lib/a'), file('lib/a/b.so'), file('bin/c')], links);
  expect([...placed.keys()]).toEqual(['usr/bin/c', 'usr/lib', 'usr/lib/a', 'usr/lib/a/b.so']);
});

test('links of the stack are followed wherever they lead, and a symlink of the package itself is none of them', () => {
  const own: LayerEntry = { ...file('lib'), type: 'symlink', linkTarget: 'elsewhere' };
  const placed = placeEntries([file('var/run/a.pid'), file('usr/share/x/y'), own], links);
  expect([...placed.keys()]).toEqual(['lib', 'run/a.pid', 'usr/lib/x/y']);
});

test('manuals and translations are left out, licences stay', () => {
  const entries = [
    'usr/share/man/man1/a.1',
    'usr/share/doc/a/NEWS',
    'usr/share/doc/a/copyright',
    'usr/share/locale/de/x',
  ];
  expect([...placeEntries(entries.map(file), {}).keys()]).toEqual(['usr/share/doc/a/copyright']);
});

test('/tmp keeps the mode that the stack gives it', () => {
  expect([...placeEntries([directory('tmp'), file('tmp/a')], {}).keys()]).toEqual(['tmp/a']);
});

test('a circle of links is an error, not a hang', () => {
  expect(() => placeEntries([file('a/x')], { a: 'b', b: 'a' })).toThrow('circle');
});
