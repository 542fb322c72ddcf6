import { UserError } from '@berth/domain/errors';
import { findSignedHook } from '@berth/platform/projects/find-signed-hook';
import { takeDelivery } from '@berth/platform/projects/take-delivery';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api.js';
import { bitbucket } from '../git-hosts/bitbucket.js';
import type { GitHost, PullRequestEvent } from '../git-hosts/git-host.js';
import { gitea, github } from '../git-hosts/github.js';
import { gitlab } from '../git-hosts/gitlab.js';

type DeliveryRequest = FastifyRequest<{ Params: { team: string } }>;

/** Gitea before GitHub, whose headers it sends too. */
const gitHosts: readonly GitHost[] = [gitea, github, gitlab, bitbucket];
const query = z.object({ pipeline: z.string().optional() });

/** Where a git hosting delivers: no sign-in but the signature. The body is read as bytes, which are what is signed. */
export function addPullRequestDeliveries(server: FastifyInstance, { platform }: Api): void {
  server.register(async (part) => {
    part.removeAllContentTypeParsers();
    part.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    part.post('/hooks/pull-request/:team', async (request: DeliveryRequest) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const host = gitHosts.find(({ eventHeader }) => request.headers[eventHeader] !== undefined);
      const proof = host?.readProof(request.headers);
      const hook = await findSignedHook(platform, { team: request.params.team, body, proof });
      const event = host && readEvent(host, String(request.headers[host.eventHeader]), body);
      if (!host || !event) return { outcome: 'nothing' };
      const { number, branch } = event;
      const action = event.isOfFork ? 'other' : event.action;
      const service = query.parse(request.query).pipeline ?? event.repository.toLowerCase();
      const news = { action, number, branch, service } as const;
      return takeDelivery(platform, hook, { host: host.name, news });
    });
  });
}

function readEvent(host: GitHost, name: string, body: Buffer): PullRequestEvent | undefined {
  try {
    return host.readEvent(name, JSON.parse(body.toString('utf8')));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new UserError(
      'bad_request',
      'This is no event of a pull request: choose the content type application/json.',
      { detail },
    );
  }
}
