import { describe, expect, it } from 'vitest';
import { containerLimits } from './container-limits.js';
import { parseSize, sizes } from './sizes.js';

const of = (size: string, runtime?: string, hostCpus = 8) => containerLimits({ ...parseSize(size), hostCpus, runtime });

describe('what a container is told of its limits', () => {
  it('has CPUs by shares and memory by size, whatever is in the image', () => {
    expect(sizes.map(({ name }) => of(name))).toEqual([
      { NUM_CPUS: '1', MEMORY_AVAILABLE: '512' },
      { NUM_CPUS: '1', MEMORY_AVAILABLE: '1024' },
      { NUM_CPUS: '2', MEMORY_AVAILABLE: '2560' },
    ]);
  });

  it('never has more CPUs than the host', () => {
    expect(of('performance-m', 'go', 1)).toMatchObject({ NUM_CPUS: '1', GOMAXPROCS: '1' });
  });

  it.each([
    ['node', { WEB_CONCURRENCY: '5', NODE_OPTIONS: '--max-old-space-size=1920' }],
    ['python', { WEB_CONCURRENCY: '5', PYTHON_CPU_COUNT: '2' }],
    ['go', { GOMAXPROCS: '2', GOMEMLIMIT: '2304MiB' }],
    ['java', { JAVA_TOOL_OPTIONS: '-XX:MaxRAMPercentage=70 -XX:ActiveProcessorCount=2' }],
    ['ruby', { WEB_CONCURRENCY: '5', MALLOC_ARENA_MAX: '2' }],
    ['php', { WEB_CONCURRENCY: '20' }],
    ['rust', { RAYON_NUM_THREADS: '2', TOKIO_WORKER_THREADS: '2' }],
    ['static', {}],
  ])('has only what %s understands', (runtime, expected) => {
    expect(of('performance-m', runtime)).toEqual({ NUM_CPUS: '2', MEMORY_AVAILABLE: '2560', ...expected });
  });

  it('has at least one process in a small instance', () => {
    expect(of('standard-1x', 'node')).toMatchObject({ WEB_CONCURRENCY: '1', NODE_OPTIONS: '--max-old-space-size=384' });
    expect(of('standard-1x', 'python')).toMatchObject({ WEB_CONCURRENCY: '2' });
  });
});
