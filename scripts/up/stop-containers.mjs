import { thawApps } from './remove-everything.mjs';

/** Seconds that a container has to end by itself. */
const graceSeconds = 30;

/**
 * Who is stopped first: those who would heal what is stopped after them.
 * @type {((kind: string) => boolean)[]}
 */
const waves = [(kind) => kind === 'process', (kind) => kind !== 'part', (kind) => kind === 'part'];

/**
 * Stops all containers of one Berth: our processes, then apps and builds, then the real parts. Nothing is removed.
 * @param {import('./engine.mjs').Engine} engine
 * @param {string} instance
 * @returns {Promise<number>} how many ran
 */
export async function stopContainers(engine, instance) {
  const running = (await engine.list('containers', [`berth.instance=${instance}`])).filter(
    ({ State }) => State !== 'exited',
  );
  let left = running;
  for (const isOfWave of waves) {
    const wave = left.filter(({ Labels }) => isOfWave(Labels['berth.kind'] ?? ''));
    left = left.filter((container) => !wave.includes(container));
    // Those that sleep would wait out the whole time; by now nobody is there who would freeze them again.
    if (wave.some(({ Labels }) => Labels['berth.kind'] === 'instance')) await thawApps(engine, instance);
    await Promise.all(wave.map(({ Id }) => engine.tryAsk('POST', `/containers/${Id}/stop?t=${graceSeconds}`)));
  }
  return running.length;
}
