import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../src/apps/create-app.js';
import { compareEnvironments } from '../src/config-vars/compare-environments.js';
import { getConfigVars } from '../src/config-vars/get-config-vars.js';
import { getSharedVars } from '../src/config-vars/get-shared-vars.js';
import { listOrigins } from '../src/config-vars/list-origins.js';
import { setConfigVars } from '../src/config-vars/set-config-vars.js';
import { setSharedVars } from '../src/config-vars/set-shared-vars.js';
import { spreadConfig } from '../src/config-vars/spread-config.js';
import { getReleaseConfig } from '../src/releases/get-release-config.js';
import { rollBack } from '../src/releases/roll-back.js';
import { build, deploy, openWorld, push, type World } from './open-world.js';

describe('config layers', () => {
  let world: World;
  let teamId: string;
  let cart: App;
  let orders: App;
  let cartOfSale: App;
  type App = { id: string; name: string };
  const team = 'default';
  const sharedAt = (environment?: string) => ({ actor: world.owner, team, ...(environment ? { environment } : {}) });
  const set = (app: App, changes: Parameters<typeof setConfigVars>[1]['changes']) =>
    setConfigVars(world.platform, { actor: world.owner, app: app.name, changes });
  const varsOf = (app: App) => getConfigVars(world.platform, { actor: world.owner, app: app.name });
  const countReleases = (app: App) => world.platform.db.release.count({ where: { appId: app.id } });

  /** An app of service `service` in an environment of its own choice. */
  async function addService(service: string, environmentId: string, name: string): Promise<App> {
    const { db } = world.platform;
    const { id } = await createApp(world.platform, { actor: world.owner, name: 'fresh-app' });
    const { repositoryId } = await db.app.findUniqueOrThrow({ where: { id } });
    const pipeline = await db.pipeline.upsert({
      where: { teamId_name: { teamId, name: service } },
      create: { teamId, name: service, repositoryId, createdById: world.owner.userId },
      update: {},
    });
    await db.app.update({ where: { id }, data: { name, environmentId, pipelineId: pipeline.id } });
    return { id, name };
  }

  /** What the releaser does with the jobs that a change asked for. */
  async function spread(): Promise<void> {
    const { db } = world.platform;
    for (const job of await db.outbox.findMany({ where: { name: 'config.spread', doneAt: null } })) {
      const lease = await world.lease(`config:${job.id}`);
      await spreadConfig(world.platform, { ...(job.payload as unknown as Parameters<typeof spreadConfig>[1]), lease });
      await db.outbox.update({ where: { id: job.id }, data: { doneAt: new Date() } });
    }
  }

  beforeAll(async () => {
    world = await openWorld();
    const { db } = world.platform;
    teamId = (await db.team.findUniqueOrThrow({ where: { name: team } })).id;
    const qa = await db.environment.upsert({
      where: { teamId_name: { teamId, name: 'qa' } },
      create: { teamId, name: 'qa', position: 5 },
      update: {},
    });
    const sale = await db.environment.create({ data: { teamId, name: 'sale', kind: 'project', baseId: qa.id } });
    cart = await addService('cart', qa.id, 'cart-qa');
    orders = await addService('orders', qa.id, 'orders-qa');
    cartOfSale = await addService('cart', sale.id, 'cart--sale');
    for (const app of [cart, orders, cartOfSale]) await deploy(world, app.id, app.name);
  }, 60_000);
  afterAll(() => world.close());

  it('tell an app in a pipeline of its surroundings, and an app on its own of nothing', async () => {
    expect(await varsOf(cart)).toEqual({
      ...{ BERTH_ENVIRONMENT: 'qa', BERTH_SERVICE: 'cart', ORDERS_URL: 'http://orders.internal' },
    });
    const alone = await createApp(world.platform, { actor: world.owner });
    expect(await varsOf(alone)).toEqual({});
  });

  it('reach apps by a release each: team below environment below base app below app, and none where nothing changes', async () => {
    await set(cart, { LEVEL: 'base app', OWN: 'cart' });
    await set(cartOfSale, { MINE: 'sale' });
    await spread();
    const before = {
      cart: await countReleases(cart),
      orders: await countReleases(orders),
      sale: await countReleases(cartOfSale),
    };
    await setSharedVars(world.platform, { ...sharedAt(), changes: { LEVEL: 'team', TIER: 'team' } });
    await setSharedVars(world.platform, { ...sharedAt('qa'), changes: { LEVEL: 'qa' } });
    await spread();
    await spread();
    expect(await varsOf(orders)).toMatchObject({ LEVEL: 'qa', TIER: 'team' });
    expect(await varsOf(cartOfSale)).toMatchObject({ LEVEL: 'base app', OWN: 'cart', MINE: 'sale', TIER: 'team' });
    expect((await countReleases(cart)) - before.cart).toBe(1); // TIER; its own LEVEL hides both others
    expect((await countReleases(cartOfSale)) - before.sale).toBe(1);
    const release = await getReleaseConfig(world.platform, {
      actor: world.owner,
      app: orders.name,
      version: (await newest(orders)).version,
    });
    expect(release).toEqual(await varsOf(orders));
    await setSharedVars(world.platform, { ...sharedAt(), changes: { TIER: 'team' } });
    expect(await world.platform.db.outbox.count({ where: { name: 'config.spread', doneAt: null } })).toBe(0);
  });

  const newest = (app: App) =>
    world.platform.db.release.findFirstOrThrow({ where: { appId: app.id }, orderBy: { version: 'desc' } });

  it('refer to another service as routing falls back, and follow its change', async () => {
    await set(orders, { DB: 'one' });
    await set(cartOfSale, { ORDERS_DB: '<${{ orders.DB }}>', WHERE: '${{ environment.name }} ${{ self.URL }}' });
    expect(await varsOf(cartOfSale)).toMatchObject({
      ORDERS_DB: '<one>',
      WHERE: 'sale http://cart--sale.localhost:8080/',
    });
    await set(orders, { DB: 'two' });
    await spread();
    const { version } = await newest(cartOfSale);
    const config = await getReleaseConfig(world.platform, { actor: world.owner, app: cartOfSale.name, version });
    expect(config.ORDERS_DB).toBe('<two>');
  });

  it('refuse what leads nowhere or in a circle when it is set, also for a whole team', async () => {
    await expect(set(cart, { A: '${{ stock.DB }}' })).rejects.toThrow('environment qa has no service stock');
    await expect(set(cart, { A: '${{ self.B }}', B: '${{ self.A }}' })).rejects.toThrow('in a circle');
    const changes = { ALL: '${{ orders.NOTHING }}' };
    await expect(setSharedVars(world.platform, { ...sharedAt('qa'), changes })).rejects.toThrow(
      'no config var NOTHING',
    );
    expect(await varsOf(cart)).not.toHaveProperty('A');
  });

  it('end a deploy with the sentence when a reference leads nowhere by then; the old release stays', async () => {
    await set(orders, { GONE: 'soon' });
    await set(cart, { LINK: '${{ orders.GONE }}' });
    await set(orders, { GONE: null });
    await spread();
    const { buildId } = await push(world.platform, world.owner, cart.id, 'later');
    expect(await build(world, buildId ?? '', 'later')).toBeUndefined();
    const row = await world.platform.db.build.findUniqueOrThrow({ where: { id: buildId ?? '' } });
    expect(row.status).toBe('failed');
    expect(row.errorMessage).toContain('app orders-qa has no config var GONE');
    await setSharedVars(world.platform, { ...sharedAt(), changes: { UNRELATED: 'x' } }); // a broken app stops nobody else
    await setSharedVars(world.platform, { ...sharedAt(), changes: { UNRELATED: null } });
    await set(cart, { LINK: null });
  });

  it('show a viewer plain values and names of secrets, each with its origin', async () => {
    const viewer = await world.addUser('viewer');
    await set(cart, {
      PLAIN: { value: 'seen', secret: false },
      HIDDEN: 'not',
      PEEK: { value: '${{ self.HIDDEN }}', secret: false },
    });
    const origins = await listOrigins(world.platform, { actor: viewer, app: cart.name });
    const of = (key: string) => origins.find((one) => one.key === key);
    expect(of('PLAIN')).toMatchObject({ value: 'seen', origin: 'app', from: 'cart-qa', isSecret: false });
    expect(of('HIDDEN')).toMatchObject({ value: null, isSecret: true });
    expect(of('PEEK')).toMatchObject({ value: null, isSecret: true });
    expect(of('TIER')).toMatchObject({ value: null, origin: 'team', from: team });
    const shared = await getSharedVars(world.platform, { actor: viewer, team });
    expect(shared).toMatchObject([
      { key: 'LEVEL', value: null },
      { key: 'TIER', value: null },
    ]);
    expect(await getSharedVars(world.platform, sharedAt())).toMatchObject([{ value: 'team' }, { value: 'team' }]);
  });

  it('are compared between two environments, service by service', async () => {
    const differences = await compareEnvironments(world.platform, { ...sharedAt(), from: 'qa', to: 'sale' });
    const [one, other] = differences;
    expect(one).toMatchObject({ service: 'cart', fromApp: 'cart-qa', toApp: 'cart--sale' });
    expect(one?.vars).toContainEqual({ key: 'MINE', kind: 'only in to', from: null, to: 'sale' });
    expect(one?.vars.map(({ key }) => key)).not.toContain('BERTH_ENVIRONMENT');
    expect(other).toEqual({ service: 'orders', fromApp: 'orders-qa', toApp: null, vars: [] });
  });

  it('are rolled back in the app’s own layer alone', async () => {
    await set(orders, { STEP: 'one' });
    const { version } = await newest(orders);
    await world.platform.db.release.updateMany({ where: { appId: orders.id, version }, data: { status: 'succeeded' } });
    await set(orders, { STEP: 'two' });
    await setSharedVars(world.platform, { ...sharedAt(), changes: { TIER: 'newer' } });
    await rollBack(world.platform, { actor: world.owner, app: orders.name, version });
    expect(await varsOf(orders)).toMatchObject({ STEP: 'one', TIER: 'newer' });
    const layer = await world.platform.db.configVar.findMany({ where: { appId: orders.id } });
    expect(layer.map(({ key }) => key)).not.toContain('TIER');
  });
});
