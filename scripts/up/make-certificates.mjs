import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const day = 24 * 3600 * 1000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/**
 * The local certificate authority, and one certificate for the platform's and the apps' ports; that is renewed 30 days before its end
 * and when the domain changes.
 * @type {import('./run-steps.mjs').Step}
 */
export const makeCertificates = {
  name: 'certificates',
  run: async ({ settings, found }) => {
    const folder = join(settings.home, 'tls');
    mkdirSync(join(folder, 'router'), { recursive: true, mode: 0o755 });
    found.caFile = join(folder, 'ca.crt');
    const names = ['localhost', '*.localhost', ...domainNames(settings.chosen.BERTH_DOMAIN)];
    await import('reflect-metadata'); // x509's dependency injection wants it first
    const x509 = await import('@peculiar/x509');
    x509.cryptoProvider.set(crypto);
    if (!existsSync(found.caFile)) await makeAuthority(x509, folder);
    writeBundle(folder, settings.chosen.BERTH_CA_BUNDLE);
    await ensureTokenKey(x509, settings.home);
    if (isFresh(x509, join(folder, 'router/platform.pem'), names)) return 'valid';
    await makeLeaf(x509, folder, names);
  },
};

/** Where the key and certificate of the registry's tokens are. @param {string} home */
export const tokenKeys = (home) => join(home, 'tls/registry');

/**
 * The key that the API signs the registry's tokens with, and the certificate by which the registry knows it.
 * @param {X509} x509
 * @param {string} home
 */
async function ensureTokenKey(x509, home) {
  const folder = tokenKeys(home);
  if (existsSync(join(folder, 'token.crt'))) return;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=Berth registry tokens',
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 3650 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true)],
  });
  // Readable for the API (user 10001), as the router's below.
  writeFileSync(join(folder, 'token.key'), await keyPem(x509, keys.privateKey), { mode: 0o644 });
  writeFileSync(join(folder, 'token.crt'), `${certificate.toString('pem')}\n`);
}

/**
 * This host's authorities and ours in one file: git's GIT_SSL_CAINFO replaces what it knows, and Node takes one file.
 * @param {string} folder
 * @param {string} hostBundle
 */
function writeBundle(folder, hostBundle) {
  const known = existsSync(hostBundle) ? readFileSync(hostBundle, 'utf8').trimEnd() : '';
  writeFileSync(join(folder, 'bundle.crt'), `${known}\n${readFileSync(join(folder, 'ca.crt'), 'utf8')}`);
}

/** @param {string} domain */
const domainNames = (domain) => (domain === 'localhost' ? [] : [domain, `*.${domain}`]);

/** @typedef {typeof import('@peculiar/x509')} X509 */

/**
 * @param {X509} x509
 * @param {string} folder
 */
async function makeAuthority(x509, folder) {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=Berth local authority',
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 3650 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  writeKey(join(folder, 'ca.key'), await keyPem(x509, keys.privateKey));
  writeFileSync(join(folder, 'ca.crt'), `${authority.toString('pem')}\n`);
}

/**
 * @param {X509} x509
 * @param {string} folder
 * @param {string[]} names
 */
async function makeLeaf(x509, folder, names) {
  const authority = new x509.X509Certificate(readFileSync(join(folder, 'ca.crt'), 'utf8'));
  const der = x509.PemConverter.decodeFirst(readFileSync(join(folder, 'ca.key'), 'utf8'));
  const signingKey = await crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=${names.at(-2) ?? 'localhost'}`,
    issuer: authority.subject,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 397 * day),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...names.map((value) => ({ type: /** @type {const} */ ('dns'), value })),
        { type: 'ip', value: '127.0.0.1' },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  const pem = `${leaf.toString('pem')}\n${authority.toString('pem')}\n${await keyPem(x509, keys.privateKey)}`;
  // Readable for HAProxy and its controller (user 10001), which get this folder mounted; on this host the folder above
  // it is closed to everybody else.
  for (const name of ['platform', 'apps']) writeFileSync(join(folder, 'router', `${name}.pem`), pem, { mode: 0o644 });
}

/**
 * @param {X509} x509
 * @param {string} file
 * @param {string[]} names
 */
function isFresh(x509, file, names) {
  if (!existsSync(file)) return false;
  const leaf = new x509.X509Certificate(readFileSync(file, 'utf8'));
  const given =
    leaf
      .getExtension(x509.SubjectAlternativeNameExtension)
      ?.names.toJSON()
      .map(({ value }) => value) ?? [];
  return leaf.notAfter.getTime() - Date.now() > 30 * day && names.every((name) => given.includes(name));
}

/** 16 random bytes, positive (RFC 5280 section 4.1.2.2). */
const serial = () => `01${Buffer.from(crypto.getRandomValues(new Uint8Array(15))).toString('hex')}`;

/**
 * @param {X509} x509
 * @param {import('node:crypto').webcrypto.CryptoKey} key
 */
async function keyPem(x509, key) {
  return `${x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

/**
 * @param {string} file
 * @param {string} text
 */
function writeKey(file, text) {
  writeFileSync(file, text, { mode: 0o600 });
  chmodSync(file, 0o600);
}
