import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { propagationRoot } from '@berth/domain/propagation-root';
import type { LayerEntry } from '@berth/images/layer';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import type { Registry } from '@berth/images/registry';
import { writeLayer } from '@berth/images/write-layer';
import type { Sources } from '@berth/runtimes/sources';
import { asm, type CompileAgent, makeJavaAgent } from './java-agent.js';

const directory = fileURLToPath(new URL('../files', import.meta.url));

/** Languages whose processes load what carries the mark when they start; their files are in files/<language>. */
const languages: readonly string[] = ['java', 'node', 'php', 'python', 'ruby'];

/**
 * `runtime/propagation-<language>:<hash of its files>`: one small layer, or undefined for a runtime that has none. It is not
 * in the runtime's layer, since a dependencies layer is named by that one (docs/decisions). Idempotent.
 * @param compile of Java's agent; without it there is the layer that an earlier build made, or none
 */
export async function ensurePropagator(
  { registry, sources }: { registry: Registry; sources: Sources },
  runtime: string,
  compile?: CompileAgent,
): Promise<PushedImage | undefined> {
  if (!languages.includes(runtime)) return undefined;
  const files = await readFiles(join(directory, runtime));
  const made = runtime === 'java' ? [['asm', asm.sha256]] : [];
  const tag = createHash('sha256')
    .update(JSON.stringify([...files.map(({ path, text }) => [path, text]), ...made]))
    .digest('hex')
    .slice(0, 16);
  const repository = `runtime/propagation-${runtime}`;
  const known = await readImage(registry, repository, tag);
  if (known) return known;
  if (runtime === 'java' && !compile) return undefined;
  const layer = await writeLayer(
    runtime === 'java' ? await javaEntries(sources, files, compile!) : files.map((file) => entryOf(runtime, file)),
  );
  const config = { env: {}, labels: { 'berth.propagation': runtime, 'berth.version': tag } };
  return pushImage(registry, { repository, tag, layers: [{ layer }], config }).finally(layer.dispose);
}

interface OwnFile {
  path: string;
  text: string;
}

async function javaEntries(sources: Sources, files: readonly OwnFile[], compile: CompileAgent): Promise<LayerEntry[]> {
  const agent = await makeJavaAgent(sources, files, compile);
  const profile = files.find(({ path }) => path === 'profile.sh')!;
  return [entryOf('java', profile), entryOf('java', { path: 'agent.jar', text: agent })];
}

async function readFiles(top: string): Promise<OwnFile[]> {
  const found = await readdir(top, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((one) => one.isFile() && !one.name.endsWith('.pyc'))
    .map((one) => join(one.parentPath, one.name).slice(top.length + 1));
  return Promise.all(paths.sort().map(async (path) => ({ path, text: await readFile(join(top, path), 'utf8') })));
}

/** profile.sh has one place, whatever the language: who starts a process knows none. */
function entryOf(runtime: string, { path, text }: { path: string; text: string | Buffer }): LayerEntry {
  const content = Buffer.isBuffer(text) ? text : Buffer.from(text);
  return {
    path: path === 'profile.sh' ? `${propagationRoot}/${path}` : `${propagationRoot}/${runtime}/${path}`,
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    content,
    sizeBytes: content.length,
  };
}
