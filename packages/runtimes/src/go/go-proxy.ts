import { TransientError, UserError } from '@berth/domain/errors';
import { readBounded } from '../fetch-bytes.js';

/** A module proxy (https://go.dev/ref/mod#goproxy-protocol). */
export interface GoProxy {
  /** Without a slash at its end. */
  url: string;
}

const answerTimeoutMs = 120_000;

/** Versions of a module, one per line and in no order. */
export async function fetchVersions(proxy: GoProxy, module: string): Promise<string> {
  return (await get(proxy, `${module}/@v/list`)).text();
}

/** The zip of one version, as the proxy has it: check it against the checksum database. */
export async function fetchModuleZip(
  proxy: GoProxy,
  { module, version, bytesMax }: { module: string; version: string; bytesMax: number },
): Promise<Buffer> {
  const response = await get(proxy, `${module}/@v/${version}.zip`);
  return readBounded(response, bytesMax, `${module}@${version}`);
}

/**
 * The `h1:` hash of a module's zip in a checksum database, which a proxy hands through
 * (https://go.dev/ref/mod#checksum-database): all its readers see the same one, whatever the proxy says later.
 */
export async function fetchModuleHash(
  proxy: GoProxy,
  { database, module, version }: { database: string; module: string; version: string },
): Promise<string> {
  const text = await (await get(proxy, `sumdb/${database}/lookup/${module}@${version}`)).text();
  const hash = text
    .split('\n')
    .map((line) => line.split(' '))
    .find(([name, of]) => name === module && of === version)?.[2];
  if (!hash?.startsWith('h1:')) throw new Error(`the checksum database does not know ${module}@${version}`);
  return hash;
}

async function get({ url }: GoProxy, path: string): Promise<Response> {
  const response = await fetch(`${url}/${path}`, { signal: AbortSignal.timeout(answerTimeoutMs) }).catch((error) => {
    throw new TransientError(`Go module proxy: ${path}: ${error.cause ?? error}`, { cause: error });
  });
  if (response.ok) return response;
  if (response.status === 404 || response.status === 410)
    throw new UserError('bad_request', `The Go module proxy has no ${path.replace(/^sumdb.*lookup\//, '')}.`);
  throw new TransientError(`Go module proxy: ${path} answered ${response.status}`);
}
