import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { run } from '@berth/daemon/spawn';
import { TransientError } from '@berth/domain/errors';
import type { LayerEntry } from '@berth/images/layer';
import { normaliseTar } from '@berth/images/normalise-tar';
import type { RuntimeParts } from '../runtime.js';

const loader = 'usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2';
/** What of the stack an interpreter needs to start. */
const isSystemLibrary = (path: string) =>
  /^usr\/lib\/x86_64-linux-gnu\/(ld-linux-x86-64|lib(c|m|z|dl|rt|util|pthread|crypt))[.-][^/]*$/.test(path);

/** The interpreter among some entries: Debian's, or that of a build from elsewhere. */
const isInterpreter = (path: string) => /\/bin\/python3\.\d+$/.test(path);
const isModule = (path: string) => /\/lib\/python3(\.\d+)?\//.test(`/${path}`);
const isNeeded = (path: string) => isInterpreter(path) || isModule(path) || /\.so(\.[\d.]+)?$/.test(path);

/**
 * Compiled modules (.pyc) for the Python among `entries`, made by that Python itself with the stack's C library, whatever
 * this host has. Apps cannot write them, and without them each start of an app takes a third of a second longer. They do
 * not look at their source's time (PEP 552, unchecked): times in layers are fixed, and the same source gives the same bytes.
 */
export async function compileBytecode(
  parts: Pick<RuntimeParts, 'registry' | 'stack'>,
  entries: readonly LayerEntry[],
): Promise<LayerEntry[]> {
  const directory = await mkdtemp(join(tmpdir(), 'berth-python-'));
  try {
    await writeStackLibraries(parts, directory);
    for (const entry of entries) if (isNeeded(entry.path)) await writeEntry(directory, entry);
    const python = entries.find(({ path, type }) => type === 'file' && isInterpreter(path))?.path;
    if (!python) throw new Error('there is no interpreter to compile with');
    const home = dirname(dirname(python));
    const libraries = ['usr/lib/x86_64-linux-gnu', home].map((path) => join(directory, path)).join(':');
    const modules = (await readdir(join(directory, home, 'lib')))
      .filter((name) => /^python3(\.\d+)?$/.test(name))
      .sort();
    // A few files of the library are templates that do not compile: the exit code says nothing.
    await run(
      [
        ...([join(directory, loader), '--library-path', libraries, join(directory, python)] as const),
        // -B: what it imports itself would be written in its own way before.
        ...[
          '-B',
          '-s',
          '-m',
          'compileall',
          '-f',
          '-q',
          '--invalidation-mode',
          'unchecked-hash',
          '-s',
          directory,
          '-p',
          '/',
        ],
        ...modules.map((name) => join(directory, home, 'lib', name)),
      ],
      {
        check: false,
        cwd: directory,
        env: { PYTHONHOME: join(directory, home), LC_ALL: 'C.UTF-8', PYTHONHASHSEED: '0' },
      },
    );
    const compiled = await readCompiled(directory, join(home, 'lib'));
    if (compiled.length < 100) throw new Error(`only ${compiled.length} modules of Python could be compiled`);
    return compiled;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function writeStackLibraries(
  { registry, stack }: Pick<RuntimeParts, 'registry' | 'stack'>,
  directory: string,
): Promise<void> {
  const blob = await registry.getBlob(stack.repository, stack.layers[0]!.digest);
  if (!blob) throw new TransientError(`the stack's layer is not in ${stack.repository}`);
  const tree = await normaliseTar(
    pipeline(blob, createGunzip(), () => {}),
    { bytesMax: 64 * 1024 ** 2, entriesMax: 200_000 },
    { leaveOut: ({ name, type }) => type === 'directory' || !isSystemLibrary(name) },
  );
  try {
    for (const entry of tree.toRootEntries()) await writeEntry(directory, entry);
  } finally {
    await tree.close();
  }
}

async function writeEntry(directory: string, { path, type, mode, content, linkTarget }: LayerEntry): Promise<void> {
  if (type === 'directory') return;
  const target = join(directory, path);
  await mkdir(dirname(target), { recursive: true });
  // An absolute link would lead out of the directory.
  if (type === 'symlink') {
    if (linkTarget && !linkTarget.startsWith('/')) await symlink(linkTarget, target);
    return;
  }
  await writeFile(target, (typeof content === 'function' ? await content() : content) ?? Buffer.alloc(0));
  if ((mode & 0o111) !== 0) await chmod(target, 0o755);
}

async function readCompiled(directory: string, below: string): Promise<LayerEntry[]> {
  const found = await readdir(join(directory, below), { recursive: true });
  return Promise.all(
    found
      .filter((name) => name.endsWith('.pyc') && name.includes('__pycache__/'))
      .sort()
      .map(async (name) => {
        const content = await readFile(join(directory, below, name));
        const file = { type: 'file' as const, mode: 0o644, uid: 0, gid: 0, sizeBytes: content.length };
        return { ...file, path: join(below, name), content };
      }),
  );
}
