import { readReadyImage } from '@berth/images/ready-image';
import { createTeam } from '@berth/platform/teams/create-team';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../packages/daemon/test/until.js';
import { lookForUploads } from '../src/images/look-for-uploads.js';
import { openRegistryWorld, pushSomeImage } from './open-registry-world.js';
import { addPerson, call } from './start-test-api.js';

let world: Awaited<ReturnType<typeof openRegistryWorld>>;
beforeAll(async () => {
  world = await openRegistryWorld();
});
afterAll(() => world?.close());

const statusOf = async (path: string, token?: string, method = 'GET') =>
  (await fetch(`${world.registry.url}${path}`, { method, headers: token ? { authorization: `Bearer ${token}` } : {} }))
    .status;

/** What a token opens. */
const accessOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).access;

const releasesOf = (appId: string) =>
  world.platform.db.release.findMany({ where: { appId }, orderBy: { version: 'asc' }, include: { image: true } });

/** Somebody's right to push to an app, as docker push gets it. */
const pusher = async (app: { id: string; name: string }, token = world.admin.token) =>
  world.clientOf(await world.tokenFor('_', token, `repository:${app.name}:pull,push`));

describe('the registry', () => {
  it('opens to nobody without a token, with one that has ended, or with one that somebody else has signed', async () => {
    const claims = {
      subject: 'x',
      service: 'berth',
      access: [{ type: 'repository', name: 'app/x', actions: ['pull'] }],
    };
    const good = await world.access.sign({ ...claims, lifetimeSeconds: 60 });
    const ended = await world.access.sign({ ...claims, lifetimeSeconds: -90 }); // it forgives 60 s between clocks
    const forOther = await world.access.sign({ ...claims, service: 'berth-production', lifetimeSeconds: 60 });
    const [head, body, signature] = good.split('.');
    const forged = [head, Buffer.from(`${Buffer.from(body!, 'base64url')} `).toString('base64url'), signature].join(
      '.',
    );
    const list = '/v2/app/x/tags/list';
    expect(await statusOf(list, good)).toBe(404);
    for (const bad of [undefined, ended, forOther, forged, 'x']) expect(await statusOf(list, bad)).toBe(401);
    expect(await statusOf('/v2/_catalog', good)).toBe(401);
  });

  it('lets each process of ours do its work and no more', async () => {
    const { git, builder } = world.secrets;
    const all = ['source/r', 'app/r', 'stack/s', 'pushed/a'].map((name) => `repository:${name}:pull,push,delete`);
    const opened = async (user: string, secret: string) =>
      accessOf(await world.tokenFor(user, secret, ...all)).map(
        ({ name, actions }: { name: string; actions: string[] }) => `${name} ${actions.join(' ')}`,
      );
    expect(await opened('git', git)).toEqual(['source/r pull push']);
    expect(await opened('builder', builder)).toEqual(['source/r pull', 'app/r pull push', 'stack/s pull push']);
    await expect(world.tokenFor('builder', git)).rejects.toThrow('401');
    const push = '/v2/app/r/blobs/uploads/';
    expect(await statusOf(push, await world.tokenFor('builder', builder, all[1]!), 'POST')).toBe(202);
    expect(await statusOf(push, await world.tokenFor('git', git, all[1]!), 'POST')).toBe(401);
  });

  it('opens to people what they may see and deploy, under names that mean an app for good', async () => {
    const app = await world.newApp('images');
    const viewer = await addPerson(world.platform, world.admin, { email: 'v@example.com', role: 'viewer' });
    await createTeam(world.platform, { actor: world.admin, name: 'others' });
    const other = await addPerson(world.platform, world.admin, {
      email: 'o@example.com',
      role: 'owner',
      team: 'others',
    });
    const { repositoryId } = await world.platform.db.app.findUniqueOrThrow({ where: { id: app.id } });
    const opened = async (token: string, scope: string) => accessOf(await world.tokenFor('_', token, scope));
    const pull = [{ type: 'repository', name: `app/${repositoryId}`, actions: ['pull'] }];
    const push = [{ type: 'repository', name: `pushed/${app.id}`, actions: ['pull', 'push'] }];
    expect(await opened(world.admin.token, 'repository:images:pull')).toEqual(pull);
    expect(await opened(world.admin.token, 'repository:images:pull,push')).toEqual(push);
    expect(await opened(viewer.token, 'repository:images:pull')).toEqual([]);
    expect(await opened(viewer.token, 'repository:images:pull,push')).toEqual([]);
    for (const scope of ['images:pull', 'images:pull,push', `app/${repositoryId}:pull`, `pushed/${app.id}:pull`])
      expect(await opened(other.token, `repository:${scope}`)).toEqual([]);
    for (const scope of [`app/${repositoryId}:pull`, `${app.id}:pull`, 'stack/berth-13:pull', 'nothing:pull'])
      expect(await opened(world.admin.token, `repository:${scope}`)).toEqual([]);
    await expect(world.tokenFor('_', 'berth_wrong', 'repository:images:pull')).rejects.toThrow('401');
  });
});

describe('a push of a ready image', () => {
  it('makes one release, which runs what the image says, and none when it is told of twice', async () => {
    const app = await world.newApp('pushed');
    const client = await pusher(app);
    const digest = await pushSomeImage(client, `pushed/${app.id}`, { cmd: ['/server', '--name', "it's"] });
    const [release] = await until('a release', async () => {
      const all = await releasesOf(app.id);
      return all.length > 0 && all;
    });
    expect(release).toMatchObject({ reason: 'image', userId: world.admin.userId, image: { digest } });
    expect(release!.image!.processTypes).toEqual([
      { name: 'web', argv: ['/server', '--name', "it's"], command: `/server --name 'it'\\''s'`, singleton: false },
    ]);
    const { repositoryId } = await world.platform.db.app.findUniqueOrThrow({ where: { id: app.id } });
    expect((await readReadyImage(world.images, `app/${repositoryId}`, digest))?.argv[0]).toBe('/server');
    await lookForUploads(world);
    const stored = (await world.images.getManifest(`pushed/${app.id}`, digest))!;
    await client.putManifest(`pushed/${app.id}`, 'again', stored.mediaType, stored.bytes);
    await until('the second push is noted', async () => {
      const upload = await world.platform.db.imageUpload.findFirstOrThrow({ where: { appId: app.id } });
      return (upload.handled as Record<string, string>).again === digest;
    });
    expect(await releasesOf(app.id)).toHaveLength(1);
  });

  it('that the tag moved on from makes none, when its notification comes late', async () => {
    const app = await world.newApp('late');
    const client = await pusher(app);
    await world.stopApi(); // neither is told of before both are there
    const older = await pushSomeImage(client, `pushed/${app.id}`);
    const newer = await pushSomeImage(client, `pushed/${app.id}`);
    await world.startApi();
    await lookForUploads(world);
    expect((await releasesOf(app.id)).map(({ image }) => image?.digest)).toEqual([newer]);
    const late = { action: 'push', target: { repository: `pushed/${app.id}`, digest: older, tag: 'latest' } };
    expect(await world.tell({ events: [late] })).toBe(200);
    expect((await releasesOf(app.id)).map(({ image }) => image?.digest)).toEqual([newer]);
    // The very same, when it is what the tag points to, is a push of its own.
    const stored = (await world.images.getManifest(`pushed/${app.id}`, older))!;
    await client.putManifest(`pushed/${app.id}`, 'latest', stored.mediaType, stored.bytes);
    expect(await world.tell({ events: [late] })).toBe(200);
    expect((await releasesOf(app.id)).map(({ image }) => image?.digest)).toEqual([newer, older]);
  });

  it('is taken up when the API was away, by the registry telling it again', async () => {
    const app = await world.newApp('away');
    const client = await pusher(app);
    await world.stopApi();
    const digest = await pushSomeImage(client, `pushed/${app.id}`);
    await world.startApi();
    const [release] = await until('a release', async () => {
      const all = await releasesOf(app.id);
      return all.length > 0 && all;
    });
    expect(release!.image!.digest).toBe(digest);
  });

  it('is taken up when the registry was killed before it told anybody', async () => {
    const app = await world.newApp('killed');
    const client = await pusher(app);
    await world.stopApi();
    const digest = await pushSomeImage(client, `pushed/${app.id}`);
    await world.registry.kill();
    await world.registry.start();
    await world.startApi();
    await lookForUploads(world);
    expect((await releasesOf(app.id)).map(({ image }) => image?.digest)).toEqual([digest]);
  });

  it('that cannot run makes none and says why in the log', async () => {
    const app = await world.newApp('refused');
    const digest = await pushSomeImage(await pusher(app), `pushed/${app.id}`, { tag: 'v2', cmd: [] });
    const event = await until('the refusal', () =>
      world.platform.db.event
        .findFirst({ where: { appId: app.id, name: 'image.refused' } })
        .then((row) => row ?? undefined),
    );
    expect(event.data).toEqual({
      tag: 'v2',
      digest,
      message: 'The image says neither ENTRYPOINT nor CMD, so there is nothing to start.',
    });
    expect(await releasesOf(app.id)).toEqual([]);
  });

  it("is released per process type by Heroku's CLI: container:push, then container:release", async () => {
    const app = await world.newApp('container');
    const set = await call<{ build_stack: { name: string } }>(world, world.admin.token, 'PATCH', '/apps/container', {
      build_stack: 'container',
    });
    expect(set.body.build_stack.name).toBe('container'); // else the CLI refuses to push
    const types = { web: ['/web'], worker: ['/worker', '-q'] };
    const ids: Record<string, string> = {};
    for (const [type, cmd] of Object.entries(types)) {
      const token = await world.tokenFor('_', world.admin.token, `repository:container/${type}:pull,push`);
      await pushSomeImage(world.clientOf(token), `pushed/${app.id}/${type}`, { cmd });
      const authorization = `Basic ${Buffer.from(`:${world.admin.token}`).toString('base64')}`;
      const read = await call<{ config: { digest: string } }>(
        world,
        null,
        'GET',
        `/v2/container/${type}/manifests/latest`,
        undefined,
        { authorization },
      );
      ids[type] = read.body.config.digest;
    }
    expect(await releasesOf(app.id)).toEqual([]);
    const release = async (...names: string[]) =>
      call(world, world.admin.token, 'PATCH', '/apps/container/formation', {
        updates: names.map((type) => ({ type, docker_image: ids[type] })),
      });
    expect((await release('web')).status).toBe(200);
    expect((await release('worker')).status).toBe(200);
    const [one, two] = await releasesOf(app.id);
    expect(one!.image!.processTypes).toMatchObject([{ name: 'web', argv: ['/web'] }]);
    expect(two!.image!.processTypes).toMatchObject([
      { name: 'web', argv: ['/web'], imageDigest: one!.image!.digest },
      { name: 'worker', argv: ['/worker', '-q'] },
    ]);
    const unknown = await call(world, world.admin.token, 'PATCH', '/apps/container/formation', {
      updates: [{ type: 'web', docker_image: `sha256:${'0'.repeat(64)}` }],
    });
    expect(unknown.status).toBe(404);
  });
});
