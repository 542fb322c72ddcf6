import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@berth/daemon/spawn';

export interface Certificate {
  key: string;
  cert: string;
  remove: () => Promise<void>;
}

/** A server's certificate that nobody has signed; the paths of its files. */
export async function makeCertificate(): Promise<Certificate> {
  const directory = await mkdtemp(join(tmpdir(), 'berth-propagation-'));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=test'];
  await run(['openssl', 'req', '-x509', ...options, '-keyout', key, '-out', cert]);
  return { key, cert, remove: () => rm(directory, { recursive: true }) };
}
