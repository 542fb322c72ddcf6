import 'server-only';
import type { Role } from '@berth/platform/auth/rights';
import { listTeams } from '@berth/platform/teams/list-teams';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { berth } from './platform';
import { requireActor } from './session';

const myTeams = cache(async () => listTeams(berth().platform, { actor: await requireActor() }));

/** The role of who is signed in, so that a page offers only what it allows; use cases check it again. Another's team is a 404 page. */
export async function roleIn(team: string): Promise<Role> {
  const found = (await myTeams()).find(({ id, name }) => id === team || name === team);
  if (!found) notFound();
  return found.role;
}
