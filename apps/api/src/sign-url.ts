import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { notFound } from '@berth/domain/errors';
import { z } from 'zod';

/** What a stream URL opens. It is opened without a token (the Heroku CLI sends none there), so it names who asked for it. */
const grant = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('log'),
    userId: z.string(),
    appId: z.string(),
    lines: z.number().int(),
    tail: z.boolean(),
    source: z.string().optional(),
    dyno: z.string().optional(),
  }),
  z.object({
    kind: z.literal('output'),
    userId: z.string(),
    appId: z.string(),
    noun: z.enum(['build', 'release']),
    id: z.string(),
  }),
]);
export type Grant = z.infer<typeof grant>;

/** How long a stream URL may be opened, ms: a tail reconnects to the same one all day long. */
const validMs = 24 * 3600 * 1000;

/** Signs and opens stream URLs. The right itself is checked again each time one is opened. */
export function openSigner(secret: string) {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'berth stream url', 32));
  const macOf = (text: string) => createHmac('sha256', key).update(text).digest();
  return {
    sign(grant: Grant, now = Date.now()): string {
      const text = Buffer.from(JSON.stringify({ ...grant, until: now + validMs })).toString('base64url');
      return `${text}.${macOf(text).toString('base64url')}`;
    },
    /** A wrong or outdated one is not_found. */
    open(signed: string, now = Date.now()): Grant {
      const [text = '', mac = ''] = signed.split('.');
      const given = Buffer.from(mac, 'base64url');
      const wanted = macOf(text);
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
        throw notFound('stream', 'wrong signature');
      const payload = JSON.parse(Buffer.from(text, 'base64url').toString());
      if (!(payload.until > now)) throw notFound('stream', 'its address is outdated');
      return grant.parse(payload);
    },
  };
}

export type Signer = ReturnType<typeof openSigner>;
