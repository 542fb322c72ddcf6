import { TransientError } from '@berth/domain/errors';

/** Status of an answer of the daemon; undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : undefined;
}

/** Takes the named statuses as "already so": 304 not modified, 404 gone, 409 conflict. Everything else is thrown on. */
export async function unlessStatus<T>(statuses: readonly number[], promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    const status = statusOf(error);
    if (status !== undefined && statuses.includes(status)) return undefined;
    throw error;
  }
}

const awayCodes = new Set(['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE', 'ENOTFOUND']);

/** A daemon that is away (restarting) makes a TransientError: the job is tried again. */
export function asEngineError(error: unknown): unknown {
  const code = error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : '';
  const isSocket = awayCodes.has(code) && statusOf(error) === undefined;
  return isSocket ? new TransientError(`Docker did not answer: ${code}`, { cause: error }) : error;
}
