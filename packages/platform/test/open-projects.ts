import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createProject, type NewProject } from '../src/projects/create-project.js';
import { getProject } from '../src/projects/get-project.js';
import { readWantedSource } from '../src/projects/read-wanted-source.js';
import { settleServices } from '../src/projects/settle-services.js';
import { takeCommit } from '../src/projects/take-commit.js';
import { takeSource } from '../src/projects/take-source.js';
import { openBase } from './open-base.js';
import { openWorld, release, sha, type World } from './open-world.js';

/** For one test file: a world with a base of three services; each test may make project environments upon it. */
export function worldWithProjects() {
  const here = {} as {
    world: World;
    base: Awaited<ReturnType<typeof openBase>> /** A new one for each test. */;
    name: string;
  };
  let number = 0;
  beforeAll(async () => {
    here.world = await openWorld();
    here.base = await openBase(here.world, ['cart', 'orders', 'users']);
  });
  afterAll(() => here.world.close());
  beforeEach(() => {
    number += 1;
    here.name = `red-${number}`;
  });
  const get = (actor = here.world.owner) => getProject(here.world.platform, { actor, environment: here.name });
  const serviceOf = async (service: string) => (await get()).services.find((one) => one.service === service)!;
  const takeLease = () => here.world.lease();
  const settle = async () =>
    settleServices(here.world.platform, { environmentId: (await get()).id, lease: await takeLease() });
  return {
    here,
    get,
    takeLease,
    settle,
    make: (services: NewProject['services'], more: Partial<NewProject> = {}) =>
      createProject(here.world.platform, {
        ...{ actor: here.world.owner, name: here.name, base: here.base.name, services },
        ...more,
      }),
    idOf: async (service: string) => (await serviceOf(service)).app.id,
    buildOf: async (service: string) => (await serviceOf(service)).build!.id,
    /** What the releaser does with a service's release. */
    releaseOf: async (service: string) => {
      await release(here.world, (await serviceOf(service)).release!.id);
      await settle();
    },
    /** What apps/git does for a service that wants its source. */
    makeSource: async (service: string, seed: string) => {
      const { platform } = here.world;
      const commit = sha(seed);
      const wanted = await readWantedSource(platform, { appId: (await serviceOf(service)).app.id });
      const of = { appId: wanted!.appId, wish: wanted!.wish, lease: await takeLease() };
      const source = { commit, message: seed, digest: `sha256:${commit}`, sizeBytes: 1 };
      const isWanted = await takeCommit(platform, { ...of, commit, isAhead: false });
      if (isWanted) await takeSource(platform, { ...of, source });
      return { wanted, isWanted };
    },
  };
}
