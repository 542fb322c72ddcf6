import { UserError } from '@berth/domain/errors';
import type { FileTree } from '@berth/images/file-tree';
import { fetchPackage, fetchTarball, type NpmRegistry } from './npm-registry.js';
import { gunzipPackage, packageTree } from './package-tree.js';

/** The files of one exact version of a package; a version that does not exist is a UserError. */
export async function fetchTree(npm: NpmRegistry, name: string, version: string): Promise<FileTree> {
  const document = await fetchPackage(npm, name);
  const found = document?.versions[version];
  if (!found) throw new UserError('bad_request', `There is no ${name}@${version} in the npm registry.`);
  return packageTree(await gunzipPackage(await fetchTarball(npm, { name, version, ...found.dist })));
}
