/** An image as FROM names it (github.com/distribution/reference). */
export interface ImageReference {
  /** `docker.io` when the name says none. */
  registry: string;
  /** `library/node` for `node`. */
  repository: string;
  tag: string;
  /** It is asked for by content. */
  digest: string | undefined;
}

/** Takes `node:22`, `docker.io/library/node`, `registry.example:5000/team/base@sha256:…` apart, with Docker's defaults. */
export function parseImageReference(text: string): ImageReference {
  const [named = '', digest] = text.split('@');
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const path = hasTag ? named.slice(0, colon) : named;
  const [first = '', ...rest] = path.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const host = isHost ? first : 'docker.io';
  const repository = isHost ? rest.join('/') : path;
  const isHub = host === 'docker.io' || host === 'index.docker.io';
  return {
    registry: isHub ? 'docker.io' : host,
    repository: isHub && !repository.includes('/') ? `library/${repository}` : repository,
    tag: hasTag ? named.slice(colon + 1) : 'latest',
    digest,
  };
}
