import { createHash, createHmac } from 'node:crypto';
import type { RunningBuild } from '../running-build.js';
import type { PlannedBuild } from './plan-build.js';

/**
 * Names a dependencies layer by everything that its install step sees (DESIGN section 3.2): the files, the config vars
 * that the package manager's settings name, stack, runtime, package manager, buildpack version, and whose it is.
 */
export async function dependenciesKey(build: RunningBuild, planned: PlannedBuild): Promise<string> {
  const { plan, files, stack, runtime, version, tools } = planned;
  const wish = plan.dependencies;
  if (!wish?.files) throw new Error('dependencies of one commit have no key');
  const digest = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');
  const seen = await Promise.all(
    wish.files.map(async ({ path, text }) => [path, digest(text ?? (await files.read(path)) ?? '')]),
  );
  const config = wish.configNames.map((name) => [
    name,
    createHmac('sha256', build.builder.keySecret)
      .update(Object.hasOwn(build.config, name) ? build.config[name]! : '')
      .digest('hex'),
  ]);
  const parts = [
    plan.buildpack,
    wish.installProduction.argv,
    build.app.teamId,
    stack.layers.map((layer) => layer.diffId),
    [plan.runtime.name, version, runtime.layers.map((layer) => layer.diffId)],
    tools.map(({ about }) => about),
    seen,
    config,
  ];
  return digest(JSON.stringify(parts));
}

/** The key of what only one app gets: {@link dependenciesKey} again, whose install saw the app's own cache disk. */
export const ownKey = (key: string, appId: string): string => (key.endsWith(`.${appId}`) ? key : `${key}.${appId}`);

/** Keys by which an app may find what `key` names: the team's first. */
export const keysFor = (key: string, appId: string): string[] => [...new Set([key, ownKey(key, appId)])];
