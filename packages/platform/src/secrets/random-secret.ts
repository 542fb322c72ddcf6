import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits for a token or a link, after a prefix that tells people (and secret scanners) what it is. */
export function randomSecret(prefix: string): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`;
}

/** What is kept of such a secret. It is random, so that a plain hash is enough. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
