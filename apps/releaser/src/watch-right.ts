import { UserError } from '@berth/domain/errors';

/** How soon a right that was taken away ends what it had begun, ms. */
const lookEachMs = 10_000;

/**
 * Looks again and again whether somebody may go on, until the returned function is called. `lost` is told the sentence, once. A look
 * that fails (the database is away) says nothing.
 * @param check throws UserError when they may not
 */
export function watchRight(check: () => Promise<unknown>, lost: (sentence: string) => void): () => void {
  let isOver = false;
  const stop = () => {
    isOver = true;
    clearInterval(looking);
  };
  const looking = setInterval(() => {
    check().catch((error: unknown) => {
      if (isOver || !(error instanceof UserError)) return;
      stop();
      lost(error.publicMessage);
    });
  }, lookEachMs);
  return stop;
}
