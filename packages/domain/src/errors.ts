/**
 * The three kinds of failure (DESIGN section 2).
 * - {@link UserError}: the customer's; shown as it is, never retried.
 * - {@link TransientError}: something outside did not answer; retried.
 * - anything else: ours; logged with an id, people see "Something went wrong on our side (err_…)".
 */

/** Stable codes for programs; apps/api maps each to an HTTP status. Nothing branches on a sentence. */
export type ErrorCode =
  | 'bad_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'invalid_params'
  | 'too_large'
  | 'rate_limited'
  | 'no_buildpack'
  | 'build_failed'
  | 'build_out_of_memory'
  | 'build_out_of_disk'
  | 'build_fork_bomb'
  | 'build_timeout'
  | 'build_output_limit'
  | 'release_phase_failed'
  | 'rebase_stopped'
  | 'add_on_failed'
  | 'instance_crashed'
  | 'instance_unhealthy'
  | 'instance_wrong_port'
  | 'cancelled'
  | 'superseded'
  | 'quota_exceeded'
  | 'unsupported';

/** A failure that the customer can mend. `publicMessage` is one plain sentence, `detail` is for our logs. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  /** HTTP-independent hint for programs, e.g. which resource a `not_found` means ("app"). */
  readonly resource: string | undefined;

  constructor(
    code: ErrorCode,
    publicMessage: string,
    options: { detail?: string; resource?: string; cause?: unknown } = {},
  ) {
    super(publicMessage, { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.resource = options.resource;
  }

  get publicMessage(): string {
    return this.message;
  }
}

/** Something outside of us did not answer as it should; the job is tried again. The message is internal. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}

/** What people may read of any error; `id` names the log line when the fault is ours. */
export function publicError(error: unknown, id: string): { code: string; message: string } {
  if (error instanceof UserError) return { code: error.code, message: error.publicMessage };
  return { code: 'internal', message: `Something went wrong on our side (${id}).` };
}

/** A `not_found` for one of our nouns; also the answer for what a person may not see. */
export function notFound(resource: string, name: string): UserError {
  return new UserError('not_found', `Couldn't find that ${resource}: ${name}.`, { resource });
}
