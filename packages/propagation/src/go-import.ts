import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readOwnFiles } from '@berth/runtimes/own-files';

const own = fileURLToPath(new URL('../files/go/berth.go', import.meta.url));

/**
 * The package, one file of Go, that an app imports where net/http is not patched by the build: a handler and a transport, and
 * behind them what it shares with the patch.
 */
export async function readGoImport(): Promise<string> {
  const patch = await readOwnFiles('go-propagation');
  const shared = patch.find(({ path }) => path.endsWith('/berth_shared.go'));
  const [, body] = String(shared?.content).split(/^import \([^)]*\)\n/m);
  if (body === undefined) throw new Error('what the package shares with the patch is not there');
  return (await readFile(own, 'utf8')) + body;
}
