import type { OneOffResult, OneOffSpec } from '@berth/engine/interface';

/** Why a one-off did not end well, after its name in a sentence; undefined when it did. */
export function describeOneOff(what: string, spec: OneOffSpec, result: OneOffResult): string | undefined {
  if (result.isTimedOut) return `${what} took longer than ${Math.round(spec.timeoutMs / 1000)} s and was stopped.`;
  if (result.exitCode === 0) return undefined;
  if (result.isOutOfMemory)
    return `${what} used more than ${spec.memoryBytes / 1024 / 1024} MiB of memory and was killed.`;
  return `${what} exited with code ${result.exitCode}.`;
}
