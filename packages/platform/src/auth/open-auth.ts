import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import type { Platform } from '../platform.js';
import { type FoundActor, toActor } from './found-actor.js';

/** The part of better-auth that we use: its HTTP handler (below /api/auth/) and the look-up of a session. */
export interface Auth {
  handler: (request: Request) => Promise<Response>;
  /** Who is signed in with this request's cookie. */
  findSession: (headers: Headers) => Promise<FoundActor | undefined>;
}

/**
 * Sign-in of people: email and password, sessions in a cookie. There is no public sign-up: users come by invitation.
 * @param baseUrl where browsers see it, e.g. http://dashboard.localhost:5000
 * @param secret signs the cookies, 32 characters or more; the same in every process that looks sessions up
 */
export function openAuth(platform: Platform, { baseUrl, secret }: { baseUrl: string; secret: string }): Auth {
  const auth = betterAuth({
    appName: 'Berth',
    baseURL: baseUrl,
    basePath: '/api/auth',
    secret,
    database: prismaAdapter(platform.db, { provider: 'postgresql', transaction: true }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: passwordLengthMin },
    session: { expiresIn: 30 * 24 * 3600, updateAge: 24 * 3600 },
    // Counted per process and address; guessing a password is what it is there for.
    rateLimit: { enabled: true, window: 60, max: 300, customRules: { '/sign-in/email': { window: 60, max: 30 } } },
    telemetry: { enabled: false },
    advanced: {
      cookiePrefix: 'berth',
      useSecureCookies: baseUrl.startsWith('https:'),
      database: { generateId: false }, // uuid(7) by the database
    },
  });
  return {
    handler: (request) => auth.handler(request),
    findSession: async (headers) => {
      const found = await auth.api.getSession({ headers });
      return found ? toActor(found.user) : undefined;
    },
  };
}

/** Characters. */
export const passwordLengthMin = 10;
