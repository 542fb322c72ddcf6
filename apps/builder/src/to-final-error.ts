import { randomUUID } from 'node:crypto';
import { publicError, UserError } from '@berth/domain/errors';
import { LeaseLostError } from '@berth/jobs/lease';
import { NotYetError } from '@berth/jobs/not-yet';
import type { JobContext } from '@berth/jobs/work';
import type { RunningBuild } from './running-build.js';

/**
 * What ends a build or a rebase for good, in public words. Throws what does not end it: a lease that was lost (whoever has it now
 * goes on), a process that stops, and what another try may mend.
 */
export function toFinalError(
  { builder, signal }: Pick<RunningBuild, 'builder' | 'signal'>,
  thrown: unknown,
  { isLastAttempt }: Pick<JobContext, 'isLastAttempt'>,
): { code: string; message: string } {
  const error = signal.aborted ? signal.reason : thrown;
  if (error instanceof UserError) return publicError(error, '');
  const isSomebodyElses = signal.aborted || error instanceof LeaseLostError || error instanceof NotYetError;
  if (isSomebodyElses || !isLastAttempt(error)) throw error;
  const id = `err_${randomUUID()}`;
  builder.logger.error({ err: error, id }, 'failed');
  return publicError(error, id);
}
