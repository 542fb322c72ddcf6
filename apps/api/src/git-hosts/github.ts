import { z } from 'zod';
import { type GitHost, headerOf, hexProof, type PullRequestEvent } from './git-host.js';

const repository = z.object({ name: z.string(), full_name: z.string() });
/** What we read of GitHub's `pull_request` event (https://docs.github.com/webhooks/webhook-events-and-payloads#pull_request). */
const delivery = z.object({
  action: z.string(),
  number: z.number().int(),
  pull_request: z.object({ head: z.object({ ref: z.string(), repo: repository.nullable() }) }),
  repository,
});

function readEvent(event: string, body: unknown): PullRequestEvent | undefined {
  if (event !== 'pull_request') return undefined;
  const { action, number, pull_request: pull, repository: ours } = delivery.parse(body);
  return {
    action: action === 'opened' || action === 'reopened' ? 'opened' : action === 'closed' ? 'closed' : 'other',
    ...{ number, branch: pull.head.ref, repository: ours.name },
    isOfFork: pull.head.repo?.full_name !== ours.full_name,
  };
}

export const github: GitHost = {
  name: 'github',
  eventHeader: 'x-github-event',
  readProof: (headers) => hexProof(headerOf(headers, 'x-hub-signature-256'), 'sha256='),
  readEvent,
};

/**
 * Gitea and Forgejo have GitHub's event, and beside GitHub's headers their own, which are older
 * (https://docs.gitea.com/usage/repository/webhooks).
 */
export const gitea: GitHost = {
  name: 'gitea',
  eventHeader: 'x-gitea-event',
  readProof: (headers) => hexProof(headerOf(headers, 'x-gitea-signature'), ''),
  readEvent,
};
