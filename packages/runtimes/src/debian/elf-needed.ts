const programHeaderDynamic = 2;
const programHeaderLoad = 1;
const tag = { end: 0n, needed: 1n, stringTable: 5n } as const;

/**
 * Names of the shared libraries that an ELF file asks the loader for (DT_NEEDED), or undefined when it is none. Nothing is
 * run. 64 bit, little endian: System V ABI, chapters 4 and 5.
 */
export function elfNeeded(file: Buffer): string[] | undefined {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) return undefined;
  const headers = programHeaders(file);
  const dynamic = headers.find(({ type }) => type === programHeaderDynamic);
  if (!dynamic) return [];
  const needed: number[] = [];
  let strings: bigint | undefined;
  for (let at = dynamic.offset; at + 16 <= Math.min(file.length, dynamic.offset + dynamic.size); at += 16) {
    const kind = file.readBigUInt64LE(at);
    const value = file.readBigUInt64LE(at + 8);
    if (kind === tag.end) break;
    if (kind === tag.needed) needed.push(Number(value));
    if (kind === tag.stringTable) strings = value;
  }
  const table = Number(strings ?? 0n);
  const segment = headers.find(
    ({ type, address, size }) => type === programHeaderLoad && table >= address && table < address + size,
  );
  if (!segment) return [];
  const start = table - segment.address + segment.offset;
  return needed.map((offset) => file.toString('latin1', start + offset, file.indexOf(0, start + offset)));
}

function programHeaders(file: Buffer) {
  const offset = Number(file.readBigUInt64LE(32));
  const size = file.readUInt16LE(54);
  const count = file.readUInt16LE(56);
  return Array.from({ length: count }, (_, index) => offset + index * size)
    .filter((at) => at + 56 <= file.length)
    .map((at) => ({
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      size: Number(file.readBigUInt64LE(at + 32)),
    }));
}
