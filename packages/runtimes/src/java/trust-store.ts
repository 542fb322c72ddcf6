import { createHash } from 'node:crypto';

const magic = 0xfeedfeed;
const formatVersion = 2;
const trustedCertificate = 2;
/** The password that every tool of Java tries; the store holds nothing secret. */
const password = 'changeit';
/** The same certificates give the same bytes. */
const createdAt = 1_735_689_600_000n;

/**
 * The certificates of a PEM bundle as a store that every Java reads (a JVM reads no PEM): the format JKS, of which a list of
 * certificates with a digest is all that is needed (sun.security.provider.JavaKeyStore of OpenJDK describes it).
 */
export function writeTrustStore(pem: string): Buffer {
  const certificates = [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)].map((match) =>
    Buffer.from(match[1]!, 'base64'),
  );
  const entries = certificates.map((der) =>
    Buffer.concat([
      int(trustedCertificate),
      text(createHash('sha256').update(der).digest('hex')),
      long(createdAt),
      text('X.509'),
      int(der.length),
      der,
    ]),
  );
  const data = Buffer.concat([int(magic), int(formatVersion), int(entries.length), ...entries]);
  const digest = createHash('sha1').update(Buffer.from(password, 'utf16le').swap16()).update('Mighty Aphrodite');
  return Buffer.concat([data, digest.update(data).digest()]);
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function long(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** As DataOutputStream.writeUTF has it; ours are ASCII. */
function text(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([length, Buffer.from(value)]);
}
