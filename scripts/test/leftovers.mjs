import { removeEverything, runOnHost } from '../up/remove-everything.mjs';
import { testSettings } from './test-berth.mjs';

/** Names that integration tests give to the small Berths of their own. */
const ofTests = /^(bld|eng|git-|host|rel|api-test-|test-)[0-9a-f]{6,8}$/;

/**
 * Removes what an earlier run of the tests that was killed has left: its Berth and those of single tests. Those younger
 * than `olderThanSeconds` may belong to tests that run just now.
 * @param {import('../up/engine.mjs').Engine} engine
 * @param {number} olderThanSeconds
 * @returns {Promise<string[]>} their names
 */
export async function removeLeftovers(engine, olderThanSeconds) {
  const settings = testSettings();
  const old = await findLeftovers(engine, olderThanSeconds);
  for (const instance of [settings.instance, ...old]) {
    const home = instance === settings.instance ? settings.home : `${settings.home}-${instance}`;
    await removeEverything({ ...settings, instance, home }, engine);
  }
  await removeOrphans(engine, settings.instance);
  const before = Date.now() / 1000 - olderThanSeconds;
  for (const { Id, Created } of await engine.list('containers', ['berth.test']))
    if (Created < before) await engine.tryAsk('DELETE', `/containers/${Id}?force=1`);
  return old;
}

/**
 * Firewall tables and cgroups carry no label: those of no Berth that the engine knows are nobody's.
 * @param {import('../up/engine.mjs').Engine} engine
 * @param {string} instance
 */
async function removeOrphans(engine, instance) {
  const { hostNames } = await import('@berth/domain/host-names');
  const kinds = /** @type {const} */ (['containers', 'networks', 'volumes']);
  const things = (await Promise.all(kinds.map((kind) => engine.list(kind, ['berth.instance'])))).flat();
  const tags = new Set(things.map(({ Labels }) => hostNames(Labels['berth.instance']).tag));
  await runOnHost(engine, instance, 'clean-orphans.sh', { TAGS: [...tags].join(' ') });
}

/**
 * @param {import('../up/engine.mjs').Engine} engine
 * @param {number} olderThanSeconds
 */
export async function findLeftovers(engine, olderThanSeconds) {
  const before = Date.now() / 1000 - olderThanSeconds;
  const containers = await engine.list('containers', ['berth.instance']);
  const networks = await engine.list('networks', ['berth.instance']);
  const found = [
    ...containers.map(({ Labels, Created }) => ({ name: Labels['berth.instance'], at: Created })),
    ...networks.map(({ Labels, Created }) => ({ name: Labels['berth.instance'], at: Date.parse(Created) / 1000 })),
  ];
  return [...new Set(found.filter(({ name, at }) => ofTests.test(name) && at < before).map(({ name }) => name))];
}
