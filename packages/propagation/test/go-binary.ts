import { access, cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@berth/daemon/spawn';
import { goBuildEnv } from '@berth/runtimes/go/ensure-go-toolchain';
import { fetchToolchain, isProgram, listGoVersions } from '@berth/runtimes/go/fetch-toolchain';
import { pickGoVersion } from '@berth/runtimes/go/go-version';
import { overlayFile, patchNetHttp } from '@berth/runtimes/go/patch-net-http';
import { readAptOptions, readAptSources, sourcesOfSuite } from '@berth/runtimes/stacks/apt-sources';
import { berth13 } from '@berth/runtimes/stacks/berth-13';
import { readGoImport } from '../src/go-import.js';

const downloads = join(tmpdir(), 'berth-test-downloads');
const app = fileURLToPath(new URL('apps/go', import.meta.url));

interface Toolchain {
  root: string;
  /** Of the toolchain, and what it compiled with ours. */
  name: string;
  files: Awaited<ReturnType<typeof fetchToolchain>>;
}

/** Compiles test/apps/go as a build does, with the newest patch of a line of Go; toolchain and compiled packages stay. */
export async function goBinary(line: string): Promise<string> {
  const toolchain = await openToolchain(line);
  const { files, root, name } = toolchain;
  const overlay = await patchNetHttp((path) => files.find((one) => one.path === path)?.content.toString());
  if (!overlay) throw new Error(`there is no overlay for ${name}`);
  const places = { root, overlay: join(downloads, `${name}-overlay`) };
  for (const [path, text] of overlay) await write(join(places.overlay, path), text);
  const named = join(places.overlay, 'overlay.json');
  await writeFile(named, overlayFile(overlay.keys(), places));
  return compile(toolchain, app, [`-overlay=${named}`, '-o', join(downloads, `${name}-app`)]);
}

/** The same app without the overlay, which imports the package that Berth hands out. */
export async function importingGoBinary(line: string): Promise<string> {
  const toolchain = await openToolchain(line);
  const source = join(downloads, `${toolchain.name}-importing`);
  await rm(source, { recursive: true, force: true });
  await cp(app, source, { recursive: true });
  await write(join(source, 'internal/berth/berth.go'), await readGoImport());
  return compile(toolchain, source, ['-tags=imported', '-o', join(downloads, `${toolchain.name}-importing-app`)]);
}

async function openToolchain(line: string): Promise<Toolchain> {
  const sources = {
    goProxy: process.env.BERTH_GO_PROXY,
    apt: { lines: sourcesOfSuite(await readAptSources(), berth13.suite), options: await readAptOptions() },
    cacheDir: downloads,
  };
  const version = pickGoVersion(line, await listGoVersions(sources));
  const root = join(downloads, `go-${version}`);
  const files = await fetchToolchain(sources, version);
  const isThere = await access(root).then(
    () => true,
    () => false,
  );
  if (!isThere) await unpack(files, root);
  return { root, name: `go-${version}`, files };
}

async function compile({ root }: Toolchain, cwd: string, options: [...string[], '-o', string]): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, GOCACHE: join(downloads, 'go-cache'), ...goBuildEnv };
  await run([join(root, 'bin/go'), 'build', '-trimpath', ...options, '.'], { cwd, env });
  return options.at(-1)!;
}

async function unpack(files: readonly { path: string; content: Buffer }[], root: string): Promise<void> {
  const part = `${root}.${process.pid}`;
  for (const { path, content } of files)
    if (!/^(api|doc|test)\/|(^|\/)testdata\/|_test\.go$/.test(path))
      await write(join(part, path), content, isProgram(path) ? 0o755 : 0o644);
  await rename(part, root).finally(() => rm(part, { recursive: true, force: true }));
}

async function write(path: string, content: Buffer | string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode });
}
