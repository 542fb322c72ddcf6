import { randomUUID } from 'node:crypto';
import { publicError, UserError } from '@berth/domain/errors';
import { LeaseLostError } from '@berth/jobs/lease';
import { NotYetError } from '@berth/jobs/not-yet';
import type { JobContext } from '@berth/jobs/work';
import type { Releaser } from './releaser.js';

/**
 * What ends a release for good, in public words. Throws what does not end it: a lease that was lost (whoever has it
 * now goes on, nothing is cleaned), something of the same app that must end first, and what another try may mend.
 */
export function toFinalError(
  { logger }: Releaser,
  thrown: unknown,
  { signal, isLastAttempt }: Pick<JobContext, 'signal' | 'isLastAttempt'>,
): { code: string; message: string } {
  const error = signal.aborted ? signal.reason : thrown;
  if (error instanceof UserError) return publicError(error, '');
  const isSomebodyElses = signal.aborted || error instanceof LeaseLostError || error instanceof NotYetError;
  if (isSomebodyElses || !isLastAttempt(error)) throw error;
  const id = `err_${randomUUID()}`;
  logger.error({ err: error, id }, 'release');
  return publicError(error, id);
}
