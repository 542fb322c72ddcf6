import { TransientError } from '@berth/domain/errors';

/**
 * Something else must end first. Not a failure: the job comes again after `delayMs`, and this try is not counted. A handler
 * lets it pass.
 */
export class NotYetError extends TransientError {
  readonly delayMs: number;

  constructor(message?: string, delayMs = 200) {
    super(message);
    this.delayMs = delayMs;
  }
}
