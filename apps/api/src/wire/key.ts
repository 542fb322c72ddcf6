import type { SshKeyView } from '@berth/platform/ssh-keys/add-ssh-key';

/** Heroku's `key`. */
export function toWireKey(key: SshKeyView, email: string) {
  return {
    comment: key.comment,
    created_at: key.createdAt,
    email,
    fingerprint: key.fingerprint,
    id: key.id,
    public_key: `${key.publicKey} ${key.comment}`.trim(), // the CLI prints its third word
    updated_at: key.createdAt,
  };
}
