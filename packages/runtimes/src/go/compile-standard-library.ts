import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '@berth/daemon/spawn';
import { TransientError } from '@berth/domain/errors';
import type { LayerEntry } from '@berth/images/layer';
import { isProgram } from './fetch-toolchain.js';
import { overlayFile } from './patch-net-http.js';
import type { ModuleFile } from './read-module-zip.js';

/** What services import of the standard library; with what these import it is two thirds of it. */
const packages = [
  ...['net/http', 'net/http/httputil', 'net/http/pprof', 'net/mail', 'net/smtp', 'crypto/tls', 'database/sql'],
  ...['encoding/csv', 'encoding/gob', 'encoding/json', 'encoding/xml', 'archive/tar', 'archive/zip', 'compress/gzip'],
  ...['embed', 'expvar', 'html/template', 'log/slog', 'math/big', 'os/exec', 'os/signal', 'regexp', 'text/tabwriter'],
];

/** It runs beside other builds, outside of a jail: it gets two cores at the most, what is left of them, and this long, ms. */
const cores = '2';
const timeoutMs = 10 * 60_000;

/**
 * A build cache of Go with the standard library in it: every first build of an app would compile it anew, for 15 to 20 s of
 * CPU. Go's keys for it do not depend on where the toolchain lies, nor the overlay. The same toolchain gives the same bytes.
 * Only what the checksum database vouches for runs here, and nothing of our environment is in its. Throws a TransientError
 * after ten minutes.
 * @param options `overlay`: texts in place of the toolchain's own, by path, as builds have them
 * @returns files of the cache, with paths below `target`
 */
export async function compileStandardLibrary(
  toolchain: readonly ModuleFile[],
  options: { overlay: ReadonlyMap<string, string> | undefined; target: string; env: Record<string, string> },
): Promise<LayerEntry[]> {
  const directory = await mkdtemp(join(tmpdir(), 'berth-go-'));
  try {
    const root = join(directory, 'go');
    for (const { path, content } of toolchain) await write(join(root, path), content, isProgram(path));
    const flags = options.overlay
      ? [await writeOverlay(options.overlay, { root, overlay: join(directory, 'overlay') })]
      : [];
    const cache = join(directory, 'cache');
    const signal = AbortSignal.timeout(timeoutMs);
    const at = { GOROOT: root, GOCACHE: cache, GOPATH: join(directory, 'path'), HOME: directory };
    const go = join(root, 'bin/go');
    await run(['nice', '-n', '10', go, 'build', '-p', cores, '-trimpath', ...flags, ...packages], {
      cwd: join(root, 'src'),
      env: { ...options.env, ...at, GOENV: 'off', GOPROXY: 'off', GOMAXPROCS: cores, TMPDIR: directory },
      signal,
    }).catch((error: unknown) => {
      throw signal.aborted ? new TransientError("Go's standard library was not compiled in time") : error;
    });
    return await readCache(cache, options.target);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function write(path: string, content: Buffer | string, isExecutable: boolean): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode: isExecutable ? 0o755 : 0o644 });
}

/** Returns the flag that names it. */
async function writeOverlay(
  files: ReadonlyMap<string, string>,
  places: { root: string; overlay: string },
): Promise<string> {
  for (const [path, text] of files) await write(join(places.overlay, path), text, false);
  const named = join(places.overlay, 'overlay.json');
  await writeFile(named, overlayFile(files.keys(), places));
  return `-overlay=${named}`;
}

async function readCache(cache: string, target: string): Promise<LayerEntry[]> {
  const found = (await readdir(cache, { recursive: true }))
    .filter((name) => /^[0-9a-f]{2}\/.*-[ad]$/.test(name))
    .sort();
  if (found.length < 200) throw new Error(`only ${found.length} files of Go's standard library could be compiled`);
  return Promise.all(
    found.map(async (name) => {
      const content = withoutTime(name, await readFile(join(cache, name)));
      return {
        path: `${target}/${name}`,
        type: 'file',
        mode: 0o644,
        uid: 0,
        gid: 0,
        content,
        sizeBytes: content.length,
      };
    }),
  );
}

/** An entry (cmd/go/internal/cache: `v1 <action> <output> <size> <time in ns>`) says when it was made. */
function withoutTime(name: string, content: Buffer): Buffer {
  if (!name.endsWith('-a')) return content;
  return Buffer.from(content.toString().replace(/\d+\n$/, (time) => `${'1'.padStart(time.length - 1)}\n`));
}
