import { TransientError } from '@berth/domain/errors';

/**
 * Something of the same app must end first. Not a failure: the job comes again a moment later, and this try is not
 * counted. A handler lets it pass.
 */
export class NotYetError extends TransientError {}
