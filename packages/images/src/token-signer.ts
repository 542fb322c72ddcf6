import { X509Certificate } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';

/** One entry of a token's `access` claim. */
export interface TokenAccess {
  type: string;
  name: string;
  actions: string[];
}

export interface TokenClaims {
  /** Who it is for: stands in the registry's notifications. */
  subject: string;
  /** The registry that takes it. */
  service: string;
  access: readonly TokenAccess[];
  lifetimeSeconds: number;
  /** Claims that the registry does not read. */
  more?: Record<string, unknown>;
}

/** Signs the registry's bearer tokens. */
export type TokenSigner = (claims: TokenClaims) => Promise<string>;

/** `repository:app/x:pull,push` → an access, or undefined for what is none. Names may hold colons, actions may not. */
export function parseScope(text: string): TokenAccess | undefined {
  const match = /^([a-z]+(?:\([a-z]+\))?):(.+):([a-z*,]+)$/.exec(text);
  if (!match) return undefined;
  const [, type = '', name = '', actions = ''] = match;
  return { type, name, actions: actions.split(',') };
}

/** The `issuer` of the registry's configuration. */
const tokenIssuer = 'berth';
/** The `service` of our registry's configuration. */
export const registryService = 'berth';
/** The `service` of our own production registry. */
export const productionService = 'berth-production';

/**
 * ES256 with the certificate in the header (`x5c`), which the registry finds in its `rootcertbundle`: distribution 2.8 and 3 both
 * take that form, while what they understand by `kid` differs
 * (https://distribution.github.io/distribution/spec/auth/jwt/). Both forgive 60 s between clocks.
 */
export async function openTokenSigner(files: { keyPem: string; certificatePem: string }): Promise<TokenSigner> {
  const key = await importPKCS8(files.keyPem, 'ES256');
  const x5c = [new X509Certificate(files.certificatePem).raw.toString('base64')];
  return ({ subject, service, access, lifetimeSeconds, more }) =>
    new SignJWT({ ...more, access })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', x5c })
      .setIssuer(tokenIssuer)
      .setSubject(subject)
      .setAudience(service)
      .setIssuedAt()
      .setNotBefore('0s')
      .setExpirationTime(`${lifetimeSeconds}s`)
      .sign(key);
}
