import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
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

const downloads = join(tmpdir(), 'berth-test-downloads');
const app = fileURLToPath(new URL('apps/go', import.meta.url));

/** Compiles test/apps/go as a build does, with the newest patch of a line of Go; toolchain and compiled packages stay. */
export async function goBinary(line: string): Promise<string> {
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
  const overlay = await patchNetHttp((path) => files.find((one) => one.path === path)?.content.toString());
  if (!overlay) throw new Error(`there is no overlay for Go ${version}`);
  const places = { root, overlay: join(downloads, `go-${version}-overlay`) };
  for (const [path, text] of overlay) await write(join(places.overlay, path), text);
  const named = join(places.overlay, 'overlay.json');
  await writeFile(named, overlayFile(overlay.keys(), places));
  const binary = join(downloads, `go-${version}-app`);
  const { PATH = '', HOME = '' } = process.env;
  await run([join(root, 'bin/go'), 'build', `-overlay=${named}`, '-trimpath', '-o', binary, '.'], {
    cwd: app,
    env: { PATH, HOME, GOCACHE: join(downloads, 'go-cache'), ...goBuildEnv },
  });
  return binary;
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
