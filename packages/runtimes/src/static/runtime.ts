import { UserError } from '@berth/domain/errors';
import semver from 'semver';
import { type DebianLayer, ensureDebianLayer } from '../debian/ensure-debian-layer.js';
import { pushDebianBuildImage } from '../debian/push-debian-build-image.js';
import { pushDebianRuntime } from '../debian/push-debian-runtime.js';
import { upstreamVersion } from '../debian/upstream-version.js';
import { ownRoot, readOwnFiles } from '../own-files.js';
import type { Runtime, RuntimeParts } from '../runtime.js';

const env = { PATH: `/${ownRoot('static')}/bin:/usr/local/bin:/usr/bin:/bin`, LANG: 'C.UTF-8' };

const ensureNginx = (parts: RuntimeParts): Promise<DebianLayer> =>
  ensureDebianLayer(parts, { name: 'nginx', packages: ['nginx'], isShipped: true });

async function resolve(parts: RuntimeParts, wish: string | undefined): Promise<string> {
  const key = `nginx:${parts.stack.digest}`;
  const version = await parts.listing(key, async () => upstreamVersion(await ensureNginx(parts), 'nginx'));
  if (wish !== undefined && !semver.satisfies(version, wish))
    throw new UserError('bad_request', `There is no nginx ${wish} on this stack. There is: ${version}.`);
  return version;
}

async function ensureRun(parts: RuntimeParts, version: string) {
  const debian = await ensureNginx(parts);
  const own = await readOwnFiles('static');
  return pushDebianRuntime(parts, { name: 'static', version, debian, own, env, abi: 'files' });
}

/** Folders of files, served by Debian's nginx (files/static). */
export const staticRuntime: Runtime = {
  title: 'nginx',
  isOnStack: true,
  resolve,
  ensureRun,
  ensureBuild: async (parts, version) =>
    pushDebianBuildImage(parts, { name: 'static', version, runtime: await ensureRun(parts, version), tools: [], env }),
};
