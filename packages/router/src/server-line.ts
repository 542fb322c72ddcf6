/** Servers that are in rotation, by slot. */
export type LiveServers = ReadonlyMap<string, readonly LiveServer[]>;

export interface LiveServer {
  /** HAProxy's name for it: the instance's id. */
  name: string;
  address: string;
  port: number;
}

/**
 * `name address:port` and how it is checked: each 5 s while all is well (a check wakes the app, and 5,000 apps make 1,000 checks
 * a second), each 40 ms while it starts, after a failed check or a request that could not connect. So a new instance is seen within
 * 40 ms of its first good answer, and a crashed one is out 40 ms after the first request that it refused, which goes elsewhere.
 */
export function serverArguments({ address, port }: Omit<LiveServer, 'name'>): string {
  const checks = 'check inter 5s fastinter 40 downinter 40 fall 2 rise 1';
  return `${address}:${port} ${checks} observe layer4 error-limit 1 on-error fastinter`;
}
