import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts what is secret at rest: AES-256-GCM with a random nonce; the key lives outside of the database. */
export interface SecretBox {
  seal: (plain: string) => string;
  open: (sealed: string) => string;
  /** A key of 32 bytes, in base64, that is used for one purpose alone. */
  deriveKey: (purpose: string) => string;
}

const version = 'v1';

/** @param key 32 bytes in base64 */
export function openSecretBox(key: string): SecretBox {
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length !== 32) throw new Error('the secret key must be 32 bytes in base64');
  return {
    deriveKey: (purpose) => Buffer.from(hkdfSync('sha256', bytes, '', purpose, 32)).toString('base64'),
    seal: (plain) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', bytes, nonce);
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return [version, nonce.toString('base64'), cipher.getAuthTag().toString('base64'), body.toString('base64')].join(
        '.',
      );
    },
    open: (sealed) => {
      const [tag, nonce, mac, body] = sealed.split('.');
      if (tag !== version || nonce === undefined || mac === undefined || body === undefined)
        throw new Error('not a sealed value');
      const decipher = createDecipheriv('aes-256-gcm', bytes, Buffer.from(nonce, 'base64'));
      decipher.setAuthTag(Buffer.from(mac, 'base64'));
      return Buffer.concat([decipher.update(Buffer.from(body, 'base64')), decipher.final()]).toString('utf8');
    },
  };
}
