import { z } from 'zod';
import { type GitHost, headerOf, nameIn } from './git-host.js';

/** What we read of a merge request event (https://docs.gitlab.com/user/project/integrations/webhook_events). */
const delivery = z.object({
  project: z.object({ path_with_namespace: z.string() }),
  object_attributes: z.object({
    iid: z.number().int(),
    /** Not there when GitLab only tests the webhook. */
    action: z.string().optional(),
    source_branch: z.string(),
    source_project_id: z.number().nullable(),
    target_project_id: z.number(),
  }),
});
const actions = new Map<string, 'opened' | 'closed'>([
  ['open', 'opened'],
  ['reopen', 'opened'],
  ['close', 'closed'],
  ['merge', 'closed'],
]);

/** Sends the secret itself, which its owner typed there, and signs nothing with it. */
export const gitlab: GitHost = {
  name: 'gitlab',
  eventHeader: 'x-gitlab-event',
  readProof: (headers) => {
    const token = headerOf(headers, 'x-gitlab-token');
    return token === undefined ? undefined : { kind: 'secret', secret: token };
  },
  readEvent: (event, body) => {
    if (event !== 'Merge Request Hook') return undefined;
    const { project, object_attributes: request } = delivery.parse(body);
    return {
      action: actions.get(request.action ?? '') ?? 'other',
      ...{ number: request.iid, branch: request.source_branch, repository: nameIn(project.path_with_namespace) },
      isOfFork: request.source_project_id !== request.target_project_id,
    };
  },
};
