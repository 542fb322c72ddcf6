import { isUniqueViolation } from '@berth/db/unique-violation';
import { NotYetError } from '@berth/jobs/not-yet';

/**
 * One build, one release and one rollout of an app run at a time: unique partial indexes of the database keep it so.
 * A move that hits one means that another is not over yet (its worker was killed and it will be taken up again).
 */
export async function orNotYet<T>(move: () => Promise<T>): Promise<T> {
  try {
    return await move();
  } catch (error) {
    if (isUniqueViolation(error)) throw new NotYetError('another one of the same app is still running');
    throw error;
  }
}
