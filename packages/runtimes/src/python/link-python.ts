import type { DebianWish } from '../debian/ensure-debian-layer.js';
import { link } from '../debian/link.js';
import type { RuntimeParts } from '../runtime.js';
import { compileBytecode } from './compile-bytecode.js';

/**
 * What the scripts of Debian's Python packages do: compile the standard library. And the commands that people type: a
 * `minor` of another release has no `python3`.
 */
export const linkPython = (parts: RuntimeParts, minor: string | undefined): NonNullable<DebianWish['link']> => ({
  version: '2',
  entries: async (files) => [
    link('usr/bin/python', 'python3'),
    ...(minor ? [link('usr/bin/python3', `python${minor}`)] : []),
    ...(await compileBytecode(parts, [...files.values()])),
  ],
});
