import 'server-only';
import { randomBytes } from 'node:crypto';
import { publicError } from '@berth/domain/errors';
import { unstable_rethrow } from 'next/navigation';

/** What a form gets back: one sentence when it failed. */
export interface ActionState {
  error?: string;
  /** Shown once and never again, e.g. a new token. */
  shown?: string;
  done?: number;
}

/** Runs a use case for a form; a failure becomes its public sentence, ours is logged with an id. */
export async function act(body: () => Promise<Omit<ActionState, 'error'> | undefined>): Promise<ActionState> {
  try {
    return { ...(await body()), done: Date.now() };
  } catch (error) {
    unstable_rethrow(error);
    const id = `err_${randomBytes(6).toString('hex')}`;
    const { code, message } = publicError(error, id);
    if (code === 'internal') console.error(id, error);
    return { error: message };
  }
}
