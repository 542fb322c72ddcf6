import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@berth/daemon/spawn';
import { javaRuntime } from '@berth/runtimes/java/runtime';
import { fetchArtifact } from '@berth/runtimes/maven/maven-repository';
import { openParts } from '../../runtimes/test/open-parts.js';
import { openTelemetry } from '../src/ensure-opentelemetry.js';
import { asm } from '../src/java-agent.js';

const files = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export interface JavaHome {
  /** Starts a class of test/apps/java under the agent. Every name in its file `hosts` is this machine. */
  start: (argv: readonly string[], env: Record<string, string>) => ChildProcess;
  close: () => Promise<void>;
}

/** A line of Java in the image of its jail, with an agent, ours unless said otherwise, and test/apps/java compiled by it. */
export async function openJava(line: string, agent: 'ours' | 'opentelemetry' = 'ours'): Promise<JavaHome> {
  const { parts, sources, close } = await openParts({ keepsDownloads: true });
  const version = await javaRuntime.resolve(parts, line);
  const build = await javaRuntime.ensureBuild(parts, version, []);
  const image = `${new URL(process.env.TEST_REGISTRY_URL!).host}/${build.repository}@${build.digest}`;
  const directory = await mkdtemp(join(tmpdir(), 'berth-propagation-java-'));
  await cp(files('../files/java'), join(directory, 'files'), { recursive: true });
  await cp(files('apps/java'), join(directory, 'app'), { recursive: true });
  const packed = await fetchArtifact(sources, { ...asm, suffix: '-sources.jar', bytesMax: 4 * 1024 ** 2 });
  await writeFile(join(directory, 'files/asm-sources.jar'), packed);
  if (agent === 'opentelemetry')
    await writeFile(join(directory, 'opentelemetry.jar'), await fetchArtifact(sources, openTelemetry));
  const named = `berth-propagation-${randomUUID()}`;
  const docker = ['run', '--rm', '--network', 'host', '--user', '0', '-v', `${directory}:/test`, '-w', '/test/files'];
  const script = 'sh build.sh /test/made && javac -d /test/classes /test/app/*.java';
  await run(['docker', ...docker, image, 'sh', '-c', script]);
  let started = 0;
  return {
    start: (argv, env) => {
      started += 1;
      const more = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
      const options = [
        `-javaagent:/test/${agent === 'ours' ? 'made/agent' : 'opentelemetry'}.jar`,
        '-Djdk.net.hosts.file=/test/app/hosts',
        '-cp',
        '/test/classes',
      ];
      const command = [...docker, ...more, '--name', `${named}-${started}`, image, 'java', ...options, ...argv];
      return spawn('docker', command, { stdio: ['ignore', 'pipe', 'inherit'] });
    },
    close: async () => {
      for (let one = 1; one <= started; one++) await run(['docker', 'kill', `${named}-${one}`], { check: false });
      await rm(directory, { recursive: true, force: true });
      await close();
    },
  };
}
