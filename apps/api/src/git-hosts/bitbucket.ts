import { z } from 'zod';
import { type GitHost, headerOf, hexProof, nameIn } from './git-host.js';

const repository = z.object({ full_name: z.string() });
/** What we read of Bitbucket Cloud's pull request events (https://support.atlassian.com/bitbucket-cloud/docs/event-payloads). */
const delivery = z.object({
  pullrequest: z.object({
    id: z.number().int(),
    source: z.object({ branch: z.object({ name: z.string() }), repository: repository.nullable() }),
  }),
  repository,
});
const actions = new Map<string, 'opened' | 'closed'>([
  ['created', 'opened'],
  ['fulfilled', 'closed'],
  ['rejected', 'closed'],
]);

export const bitbucket: GitHost = {
  name: 'bitbucket',
  eventHeader: 'x-event-key',
  readProof: (headers) => hexProof(headerOf(headers, 'x-hub-signature'), 'sha256='),
  readEvent: (event, body) => {
    const [subject, what = ''] = event.split(':');
    if (subject !== 'pullrequest') return undefined;
    const { pullrequest: pull, repository: ours } = delivery.parse(body);
    return {
      action: actions.get(what) ?? 'other',
      ...{ number: pull.id, branch: pull.source.branch.name, repository: nameIn(ours.full_name) },
      isOfFork: pull.source.repository?.full_name !== ours.full_name,
    };
  },
};
