import { createHash } from 'node:crypto';
import { UserError } from '@berth/domain/errors';
import ssh2 from 'ssh2';

export interface ParsedSshKey {
  /** `SHA256:…` as ssh-keygen prints it. */
  fingerprint: string;
  /** Type and base64, without comment. */
  publicKey: string;
  comment: string;
}

/** One line of an OpenSSH public key file (RFC 4253 section 6.6 in base64, with type and comment). */
export function parseSshKey(text: string): ParsedSshKey {
  const line = text.trim();
  if (line.includes('PRIVATE KEY'))
    throw new UserError('invalid_params', 'That is a private key; give the public one (the file ending in .pub).');
  const parsed = line.includes('\n') ? new Error('more than one line') : ssh2.utils.parseKey(line);
  if (parsed instanceof Error || parsed.isPrivateKey())
    throw new UserError('invalid_params', 'That is not an OpenSSH public key (one line, such as ssh-ed25519 AAAA…).');
  const blob = parsed.getPublicSSH();
  return {
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
    publicKey: `${parsed.type} ${blob.toString('base64')}`,
    comment: parsed.comment ?? '',
  };
}
