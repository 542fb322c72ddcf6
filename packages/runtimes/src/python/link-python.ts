import type { DebianWish } from '../debian/ensure-debian-layer.js';
import { link } from '../debian/link.js';
import type { RuntimeParts } from '../runtime.js';
import { compileBytecode } from './compile-bytecode.js';

/** What the scripts of Debian's Python packages do: compile the standard library. And `python`, which people type. */
export const linkPython = (parts: RuntimeParts): NonNullable<DebianWish['link']> => ({
  version: '1',
  entries: async (files) => [link('usr/bin/python', 'python3'), ...(await compileBytecode(parts, [...files.values()]))],
});
