/** How soon a stream that was answered with anything else is asked for again, ms; each further time after twice as long. */
const askAgainMs = 3_000;
/** Whoever is refused (a session that has ended, a right that is gone) is refused again. */
const askAgainMaxMs = 60_000;

/**
 * Server-sent events, until the returned function is called. After a cut the browser comes back by itself; after an answer that is no
 * stream (the API starts again) it does not, and this does: `listen` is called with each new source, whose events begin anew.
 */
export function openStream(url: string, listen: (source: EventSource) => void): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pauseMs = askAgainMs;
  const open = () => {
    source = new EventSource(url);
    source.addEventListener('open', () => {
      pauseMs = askAgainMs;
    });
    source.addEventListener('error', () => {
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, pauseMs);
      pauseMs = Math.min(2 * pauseMs, askAgainMaxMs);
    });
    listen(source);
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
