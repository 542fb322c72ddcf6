/** One request as HAProxy's log tells it (the format in render-apps.ts). */
export interface RequestLine {
  /** When its first byte came, ms since the epoch. */
  t: number;
  /** X-Request-Id. */
  i: string;
  method: string;
  host: string;
  path: string;
  from: string;
  /** `edge`, `edge~` (TLS) or `internal`. */
  frontend: string;
  /** Id of the environment that an internal request is for: that of its mark, else that of the caller's network. */
  environmentId: string;
  /** Slot, or `special` for an answer of the router's own. */
  backend: string;
  /** Instance id, or `<NOSRV>`. */
  server: string;
  /** ms in the queue, to connect, to the first byte, in all; -1 when it did not come so far. */
  wait: number;
  connect: number;
  answer: number;
  total: number;
  status: number;
  bytes: number;
  /** HAProxy's termination state (configuration manual 8.5), e.g. `----` or `sH--`. */
  ending: string;
  /** Why the router answered itself: `~m` maintenance, `~e` no release, `~w:` not woken, `~404`, `~403`; `~bot`: a bot asked. */
  reason: string;
  /** The project environment that the request was marked with when it came, or by the edge; '' without a mark that counts. */
  mark: string;
  /** Id of the doctor's probe that it belongs to, or ''. */
  trace: string;
}

/** undefined for HAProxy's own messages, which come down the same way as plain text. */
export function parseRequestLine(line: string): RequestLine | undefined {
  if (!line.startsWith('{')) return undefined;
  let raw: Record<string, unknown>;
  try {
    raw = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const text = (key: string) => (raw[key] === '-' ? '' : String(raw[key] ?? ''));
  const number = (key: string) => Number(raw[key] ?? -1);
  return {
    t: number('t'),
    i: text('i'),
    method: text('m'),
    host: text('h'),
    path: text('p'),
    from: text('f'),
    frontend: text('n'),
    environmentId: text('e'),
    backend: text('b'),
    server: text('s'),
    wait: number('w'),
    connect: number('c'),
    answer: number('r'),
    total: number('a'),
    status: number('st'),
    bytes: number('B'),
    ending: text('x'),
    reason: text('v'),
    mark: text('k'),
    trace: text('o'),
  };
}
