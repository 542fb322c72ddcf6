import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Certificates of both TLS ports, signed by themselves. */
export async function makeCertificates(dir: string): Promise<void> {
  await mkdir(`${dir}/certs`, { recursive: true });
  for (const name of ['apps', 'platform']) {
    const key = `${dir}/${name}.key`;
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const files = ['-subj', `/CN=${name}`, '-keyout', key, '-out', '-'];
    const { stdout } = await promisify(execFile)('openssl', ['req', ...kind, ...files]);
    const { stdout: pem } = await promisify(execFile)('cat', [key]);
    await writeFile(`${dir}/certs/${name}.pem`, stdout + pem);
  }
}
