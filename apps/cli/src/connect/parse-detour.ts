/** `<service>=<local port>`. Throws in one sentence. */
export function parseDetour(text: string): { service: string; port: number } {
  const { service = '', digits = '' } = /^(?<service>[a-z0-9-]+)=(?<digits>\d{1,5})$/.exec(text)?.groups ?? {};
  const port = Number(digits);
  if (!service || port < 1 || port > 65_535) throw new Error(`${text} is no detour: write <service>=<local port>.`);
  return { service, port };
}
