import type { Proof } from '@berth/platform/projects/find-signed-hook';
import type { PullRequestAction } from '@berth/platform/projects/take-pull-request';
import type { FastifyRequest } from 'fastify';

type Headers = FastifyRequest['headers'];

/** What a git hosting told of a pull request. */
export interface PullRequestEvent {
  action: PullRequestAction;
  number: number;
  branch: string;
  /** The repository's name without its owner. */
  repository: string;
  /** Its branch is another repository's: not ours, and anybody may ask to pull it. */
  isOfFork: boolean;
}

/** How one git hosting delivers what happens to pull requests. */
export interface GitHost {
  name: 'github' | 'gitea' | 'gitlab' | 'bitbucket';
  /** The header that names the event; only this hosting's deliveries have it. */
  eventHeader: string;
  readProof: (headers: Headers) => Proof | undefined;
  /** Undefined: the event is about something else. Throws for a body of another shape. */
  readEvent: (event: string, body: unknown) => PullRequestEvent | undefined;
}

/** The value of a header that is there once. */
export const headerOf = (headers: Headers, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** `sha256=<hex>`, the form in which GitHub and Bitbucket sign; Gitea's is the hex alone. */
export function hexProof(value: string | undefined, prefix: '' | 'sha256='): Proof | undefined {
  return value?.startsWith(prefix) ? { kind: 'hmac', hex: value.slice(prefix.length) } : undefined;
}

/** The last part of `owner/name`; GitLab's groups may be nested. */
export const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
