import type { Tx } from '@berth/db/client';
import { UserError } from '@berth/domain/errors';
import { hashPassword } from 'better-auth/crypto';
import { z } from 'zod';
import { passwordLengthMin } from './open-auth.js';

/** A longer one would fill every page that it stands on. */
const nameLengthMax = 200;

export interface NewUser {
  email: string;
  name: string;
  password: string;
}

/** Addresses are compared as better-auth keeps them, in lower case, and by its rule: what it refuses could never sign in. */
export function parseEmail(email: string): string {
  const parsed = email.trim().toLowerCase();
  if (!z.email().max(254).safeParse(parsed).success)
    throw new UserError('invalid_params', 'That is not an email address.');
  return parsed;
}

export function parsePassword(password: string): string {
  if (password.length < passwordLengthMin || password.length > 128)
    throw new UserError('invalid_params', `A password has ${passwordLengthMin} to 128 characters.`);
  return password;
}

/** A user with a password, in better-auth's tables and its way: one `credential` account. */
export async function createUser(tx: Tx, input: NewUser): Promise<{ userId: string }> {
  const email = parseEmail(input.email);
  const password = await hashPassword(parsePassword(input.password));
  const name = input.name.trim().slice(0, nameLengthMax) || email;
  if (await tx.user.findUnique({ where: { email } }))
    throw new UserError('conflict', `There is a user with the address ${email} already.`);
  const user = await tx.user.create({ data: { email, name, emailVerified: true } });
  await tx.account.create({
    data: { userId: user.id, accountId: user.id, providerId: 'credential', password },
  });
  return { userId: user.id };
}
