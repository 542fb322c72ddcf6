import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type Docker from 'dockerode';
import type { OneOffResult, OneOffSpec } from '../interface.js';
import { demux } from './demux.js';
import { statusOf, unlessStatus } from './docker-errors.js';
import type { DockerHost } from './docker-host.js';
import { environmentNetworkName } from './environment-network.js';
import { oneOffOptions } from './instance-options.js';
import { label, labelFilter } from './labels.js';
import { pullImage } from './pull-image.js';
import { withVolumes } from './volumes.js';

/**
 * Runs a command once in an app's image and removes its container, whatever happens. What an earlier try with the same
 * key left is removed first. Rejects with the signal's reason when aborted.
 */
export async function runOneOff(
  host: DockerHost,
  spec: OneOffSpec,
  onOutput: (text: string) => unknown,
  signal: AbortSignal,
  onStarted: (containerId: string) => void = () => {},
): Promise<OneOffResult> {
  await host.whenFirewalled();
  await removeOneOff(host, spec.key);
  signal.throwIfAborted();
  const container = await createOneOff(host, spec);
  let isTimedOut = false;
  let removed: Promise<unknown> | undefined;
  const remove = () => {
    removed ??= unlessStatus([404, 409], container.remove({ force: true, v: true }));
    return removed;
  };
  const kill = () => void remove().catch((error: unknown) => host.note('one-off', { err: error }));
  const timer = setTimeout(() => {
    isTimedOut = true;
    void unlessStatus([404, 409], container.kill()).catch((error: unknown) => host.note('one-off', { err: error }));
  }, spec.timeoutMs);
  signal.addEventListener('abort', kill, { once: true });
  try {
    const info = spec.volumes?.length ? await container.inspect() : { Mounts: [] };
    await printUntilEnd(container, () => withVolumes(host, info, () => container.start()), onOutput, onStarted);
    signal.throwIfAborted();
    const { State } = await container.inspect();
    return { exitCode: State.ExitCode, isOutOfMemory: State.OOMKilled, isTimedOut };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
    await remove();
  }
}

/** What an earlier try with this key left, running or not. */
export async function removeOneOff(host: DockerHost, key: string): Promise<void> {
  const filters = labelFilter(host, 'oneoff', { [label.key]: key });
  for (const { Id } of await host.docker.listContainers({ all: true, filters }))
    await unlessStatus([404, 409], host.docker.getContainer(Id).remove({ force: true, v: true }));
}

async function createOneOff(host: DockerHost, spec: OneOffSpec): Promise<Docker.Container> {
  const options = oneOffOptions(host, spec, await environmentNetworkName(host, spec.environmentId));
  try {
    return await host.docker.createContainer(options);
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    await pullImage(host, spec.image);
    return await host.docker.createContainer(options);
  }
}

/** Attached before the start, so that not one line is missed; read slowly, it holds the process back. */
async function printUntilEnd(
  container: Docker.Container,
  start: () => Promise<unknown>,
  onOutput: (text: string) => unknown,
  onStarted: (containerId: string) => void,
): Promise<void> {
  const printed = (await container.attach({ stream: true, stdout: true, stderr: true, hijack: true })) as Duplex;
  const decoder = new StringDecoder('utf8');
  const ended = container.wait();
  ended.catch(() => {});
  await start();
  onStarted(container.id);
  for await (const { text } of demux(printed)) await onOutput(decoder.write(text));
  await ended;
}
