import 'server-only';
import { getProject } from '@berth/platform/projects/get-project';
import { cache } from 'react';
import { berth } from './platform';
import { read } from './read';
import { requireActor } from './session';

/** The project environment of a page and its frame, looked up once per request. */
export const findProject = cache(async (environment: string) => {
  const actor = await requireActor();
  return read(getProject(berth().platform, { actor, environment }));
});
