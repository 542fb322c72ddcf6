/**
 * The extended header that goes before a tar member and gives it an extended attribute (POSIX pax, records
 * `SCHILY.xattr.<name>` as Docker reads them). Written here because tar-stream's records are texts, and a file
 * capability is bytes.
 */
export function paxHeader(attributes: Readonly<Record<string, Buffer>>, mtime: Date): Buffer {
  const records = Buffer.concat(
    Object.entries(attributes).map(([name, value]) => record(`SCHILY.xattr.${name}`, value)),
  );
  const padding = Buffer.alloc((512 - (records.length % 512)) % 512);
  return Buffer.concat([ustarHeader('PaxHeader', 'x', records.length, mtime), records, padding]);
}

/** `<length> <key>=<value>\n`, where the length counts its own digits. */
function record(key: string, value: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = body.length;
  while (length !== body.length + String(length).length) length = body.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), body]);
}

function ustarHeader(name: string, type: string, sizeBytes: number, mtime: Date): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, digits: number) =>
    header.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'ascii');
  header.write(name, 0, 'ascii');
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(sizeBytes, 124, 11);
  octal(Math.floor(mtime.getTime() / 1000), 136, 11);
  header.write('        ', 148, 'ascii');
  header.write(type, 156, 'ascii');
  header.write('ustar\u000000', 257, 'ascii');
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return header;
}

/** Bits of linux/capability.h. */
const bits = { setgid: 6, setuid: 7 } as const;

/** The attribute `security.capability` (vfs_cap_data, revision 2) that gives a program one capability, effective at once. */
export function fileCapability(name: keyof typeof bits): Buffer {
  const data = Buffer.alloc(20);
  data.writeUInt32LE(0x02_00_00_01, 0); // revision 2, effective
  data.writeUInt32LE(1 << bits[name], 4); // permitted
  return data;
}
