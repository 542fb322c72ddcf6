/** What a project environment's name is made of for a pull request. */
export interface PullRequest {
  branch: string;
  number: number;
  service: string;
}

/** Longest name of an environment (domain/names, parseLabel). */
const lengthMax = 30;

/**
 * The name of a pull request's environment by a pattern with `{branch}`, `{number}` and `{service}`: what is no letter or
 * digit becomes one dash, and what is too long is cut at its end. The same branch of several services has one name.
 */
export function reviewName(pattern: string, { branch, number, service }: PullRequest): string {
  const filled = pattern
    .replaceAll('{branch}', branch)
    .replaceAll('{number}', String(number))
    .replaceAll('{service}', service);
  const slug = filled.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const named = /^[a-z]/.test(slug.replace(/^-/, '')) ? slug.replace(/^-/, '') : `pr-${slug.replace(/^-/, '')}`;
  const name = named.slice(0, lengthMax).replace(/-+$/, '');
  return name.length < 2 ? `pr-${name}` : name;
}
