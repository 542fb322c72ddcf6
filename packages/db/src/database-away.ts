import { Prisma } from './generated/client.js';

/** Prisma's codes for "did not answer": unreachable, timed out, closed, no free connection, transaction cut off. */
const codes = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028']);

/** Whether PostgreSQL did not answer, as while it restarts: then nothing is known of what was asked, and it can be asked again. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  if (codes.has(error.code)) return true;
  // SQLSTATE class 57P: the server is shutting down or starting (PostgreSQL manual, appendix A).
  const { driverAdapterError } = (error.meta ?? {}) as { driverAdapterError?: { cause?: { originalCode?: string } } };
  return driverAdapterError?.cause?.originalCode?.startsWith('57P') ?? false;
}
