import { randomUUID } from 'node:crypto';
import { publicError, UserError } from '@berth/domain/errors';
import { LeaseLostError } from './lease.js';
import { NotYetError } from './not-yet.js';
import type { JobContext } from './work.js';

/** As pino's, of which no more is needed. */
interface ErrorLog {
  error: (about: { err: unknown; id: string }, message: string) => void;
}

/**
 * What ends a job's work for good, in public words; a fault of ours is logged under the id that people are told. Throws what does not
 * end it: a lease that was lost (whoever has it now goes on, nothing is cleaned), something that must end first, a process that stops,
 * and what another try may mend. An aborted `signal` says why itself.
 */
export function toFinalError(
  thrown: unknown,
  { signal, isLastAttempt }: Pick<JobContext, 'signal' | 'isLastAttempt'>,
  logger: ErrorLog,
): { code: string; message: string } {
  const error = signal.aborted ? signal.reason : thrown;
  if (error instanceof UserError) return publicError(error, '');
  const isSomebodyElses = signal.aborted || error instanceof LeaseLostError || error instanceof NotYetError;
  if (isSomebodyElses || !isLastAttempt(error)) throw error;
  const id = `err_${randomUUID()}`;
  logger.error({ err: error, id }, 'failed');
  return publicError(error, id);
}
