/** What an environment is to have of one service: the head of a branch, a commit, a release of the base's app, or what runs there. */
export interface ServiceWish {
  service: string;
  branch?: string;
  commit?: string;
  release?: string;
}

/** `cart:red`, `cart@1a2b3c4`, `cart=v12`, `cart`. Throws with one sentence on anything else. */
export function parseService(text: string): ServiceWish {
  const [, service, sign, what] = /^([a-z0-9-]+)(?:([:@=])(.+))?$/.exec(text) ?? [];
  if (!service)
    throw new Error(`${text} is none of <service>, <service>:<branch>, <service>@<commit> and <service>=<release>.`);
  if (!sign || !what) return { service };
  if (sign === '=') return { service, release: what };
  return sign === ':' ? { service, branch: what } : { service, commit: what };
}
