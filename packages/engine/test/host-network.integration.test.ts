import { expect, it } from 'vitest';
import { runOnHostNetwork } from '../src/docker/host-network-container.js';
import { openTestEngine } from './open-engine.js';

it('takes the place of a container that an older version left under its name', async () => {
  const engine = await openTestEngine();
  try {
    const name = `${engine.settings.instance}-host-network`;
    await engine.docker.getContainer(name).remove({ force: true });
    const older = await engine.docker.createContainer({ name, Image: engine.settings.platformImage, Cmd: ['true'] });
    expect(await runOnHostNetwork(engine.host, { argv: ['echo', 'there'] })).toBe('there\n');
    expect((await engine.docker.getContainer(name).inspect()).Id).not.toBe(older.id);
  } finally {
    await engine.close();
  }
}, 60_000);
