const MiB = 1024 * 1024;

/** One full CPU share: an instance with it may count on one CPU when the host is busy. */
const fullShare = 1024;

/** MB of memory that one process of a web server is reckoned with, by language; Heroku's buildpacks do the same. */
const memoryPerProcess: Readonly<Record<string, number>> = { node: 512, python: 256, ruby: 256, php: 128 };

export interface ContainerLimits {
  memoryBytes: number;
  /** 1024 = one full share. */
  cpuShares: number;
  hostCpus: number;
  /** Language of the image; undefined when nobody knows (an image that was pushed, a Dockerfile's). */
  runtime?: string | undefined;
}

/**
 * What a container is told of its limits, so that no language sizes itself by the host (facts: runtimes section 8). CPU
 * limits are shares, not quotas: NUM_CPUS is one per full share, at least 1 and at most what the host has. Config vars win.
 */
export function containerLimits({
  memoryBytes,
  cpuShares,
  hostCpus,
  runtime,
}: ContainerLimits): Record<string, string> {
  const memory = Math.floor(memoryBytes / MiB);
  const cpus = Math.max(1, Math.min(hostCpus, Math.round(cpuShares / fullShare)));
  return {
    NUM_CPUS: String(cpus),
    MEMORY_AVAILABLE: String(memory),
    ...concurrency(memory, cpus, runtime),
    ...languageLimits[runtime ?? '']?.(memory, cpus),
  };
}

/** Processes of a web server: as many as fit the memory; where they compute side by side two per CPU and one more. */
function concurrency(memory: number, cpus: number, runtime: string | undefined): Record<string, string> {
  const each = memoryPerProcess[runtime ?? ''];
  if (each === undefined) return {};
  const fitting = Math.max(1, Math.floor(memory / each));
  return {
    WEB_CONCURRENCY: String(runtime === 'php' || runtime === 'node' ? fitting : Math.min(fitting, 2 * cpus + 1)),
  };
}

const languageLimits: Readonly<Record<string, (memory: number, cpus: number) => Record<string, string>>> = {
  // The rest is for buffers and code; by itself Node.js takes half of what it sees.
  node: (memory) => ({ NODE_OPTIONS: `--max-old-space-size=${Math.floor(memory * 0.75)}` }),
  python: (_memory, cpus) => ({ PYTHON_CPU_COUNT: String(cpus) }),
  go: (memory, cpus) => ({ GOMAXPROCS: String(cpus), GOMEMLIMIT: `${Math.floor(memory * 0.9)}MiB` }),
  // By itself a JVM takes a quarter of its memory, and the host's CPUs since it ignores shares (JDK 19).
  java: (_memory, cpus) => ({ JAVA_TOOL_OPTIONS: `-XX:MaxRAMPercentage=70 -XX:ActiveProcessorCount=${cpus}` }),
  // glibc makes arenas by the host's CPUs; Heroku sets the same.
  ruby: () => ({ MALLOC_ARENA_MAX: '2' }),
  rust: (_memory, cpus) => ({ RAYON_NUM_THREADS: String(cpus), TOKIO_WORKER_THREADS: String(cpus) }),
};
