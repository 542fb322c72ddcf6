/** What an environment is to have of one service: the head of a branch, a commit, or what runs in its base. */
export interface ServiceWish {
  service: string;
  branch?: string;
  commit?: string;
}

/** `cart:red`, `cart@1a2b3c4`, `cart`. Throws with one sentence on anything else. */
export function parseService(text: string): ServiceWish {
  const [, service, sign, what] = /^([a-z0-9-]+)(?:([:@])(.+))?$/.exec(text) ?? [];
  if (!service) throw new Error(`${text} is none of <service>, <service>:<branch> and <service>@<commit>.`);
  if (!sign || !what) return { service };
  return sign === ':' ? { service, branch: what } : { service, commit: what };
}
