/** Ids of the sessions (requests and tunnels) that `show sess` lists at these servers. */
export function sessionsOf(answer: string, servers: ReadonlySet<string>): string[] {
  const lines = answer.matchAll(/^(0x[0-9a-f]+): .*? srv=(\S+)/gm);
  return [...lines].flatMap(([, id = '', server = '']) => (servers.has(server) ? [id] : []));
}
