/** One server-sent event. */
export interface Message {
  id?: string;
  event?: string;
  data: string;
}

const patienceMs = 15_000;

/** Opens a stream of server-sent events and collects them, as a browser's EventSource would. */
export async function openEvents(url: string, headers: Record<string, string> = {}) {
  const closed = new AbortController();
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: closed.signal });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  const ended = collect(response, (message) => {
    messages.push(message);
    for (const wake of waiting) wake();
  }).catch(() => {}); // closed

  const waitUntil = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(wake);
        reject(new Error(`not among what came: ${JSON.stringify(messages)}`));
      }, patienceMs);
      const wake = () => {
        const found = look();
        if (found === undefined) return;
        clearTimeout(timer);
        waiting.delete(wake);
        resolve(found);
      };
      waiting.add(wake);
      wake();
    });
  return {
    /** The first `count` messages. */
    waitFor: (count: number) => waitUntil(() => (messages.length >= count ? messages.slice(0, count) : undefined)),
    /** The first message that matches. */
    until: (matches: (message: Message) => boolean) => waitUntil(() => messages.find(matches)),
    /** Resolves when the stream ended, from whichever side. */
    ended,
    close: () => closed.abort(),
  };
}

async function collect(response: Response, onMessage: (message: Message) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]);
      const of = (name: string) => fields.filter(([key]) => key === name).map(([, value]) => value);
      if (of('data').length === 0) continue;
      const [id] = of('id');
      const [event] = of('event');
      onMessage({ ...(id && { id }), ...(event && { event }), data: of('data').join('\n') });
    }
  }
}
