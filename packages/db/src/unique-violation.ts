import { Prisma } from './generated/client.js';

/** Whether a write hit a unique index (Prisma's P2002): somebody else was first. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
