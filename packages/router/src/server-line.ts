/** Servers that are in rotation, by slot. */
export type LiveServers = ReadonlyMap<string, readonly LiveServer[]>;

export interface LiveServer {
  /** HAProxy's name for it: the instance's id. */
  name: string;
  address: string;
  port: number;
}

/**
 * `name address:port` and how it is checked: each second while all is well, each 40 ms while it starts or fails (so
 * that a new instance is seen within 40 ms of its first good answer), out after three failures in a row.
 */
export function serverArguments({ address, port }: Omit<LiveServer, 'name'>): string {
  return `${address}:${port} check inter 1s fastinter 40 downinter 40 fall 3 rise 1`;
}
