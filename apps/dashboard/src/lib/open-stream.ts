/** How soon a stream that was answered with anything else is asked for again, ms. */
const askAgainMs = 3_000;

/**
 * Server-sent events, until the returned function is called. After a cut the browser comes back by itself; after an answer that is no
 * stream (the API starts again) it does not, and this does: `listen` is called with each new source, whose events begin anew.
 */
export function openStream(url: string, listen: (source: EventSource) => void): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource(url);
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, askAgainMs);
    });
    listen(source);
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
