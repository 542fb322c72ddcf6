import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { askShell } from '../src/shells/ask-shell.js';
import { findShellTarget } from '../src/shells/find-shell-target.js';
import { listRunning } from '../src/shells/list-running.js';
import { redeemShell } from '../src/shells/redeem-shell.js';
import { requireExec } from '../src/shells/require-exec.js';
import { createToken } from '../src/tokens/create-token.js';
import { revokeToken } from '../src/tokens/revoke-token.js';
import { deploy, worldWithApp } from './open-world.js';

describe('a shell by heroku ps:exec', () => {
  const here = worldWithApp();
  const signedIn = async ({ userId } = here.who.actor) => {
    const { id: tokenId } = await createToken(here.world.platform, { actor: { userId }, description: randomUUID() });
    return { userId, tokenId };
  };
  const start = async () => {
    await deploy(here.world, here.app.id, 'one', ['web', 'worker']);
    const { db } = here.world.platform;
    const rollout = await db.rollout.findFirstOrThrow({ where: { appId: here.app.id } });
    const place = { appId: here.app.id, rolloutId: rollout.id, state: 'up', containerId: 'c' } as const;
    for (const [processType, index] of [
      ['worker', 1],
      ['web', 2],
      ['web', 1],
    ] as const)
      await db.instance.create({ data: { ...place, processType, index } });
  };

  it('is beside a process that runs, for who may run commands there', async () => {
    await start();
    const { platform } = here.world;
    const actor = await signedIn();
    const app = here.app.name;
    expect(await findShellTarget(platform, { actor, app, process: 'worker.1' })).toEqual({
      appId: here.app.id,
      process: 'worker.1',
    });
    expect(await listRunning(platform, { actor, app })).toEqual(['web.1', 'web.2', 'worker.1']);
    await expect(findShellTarget(platform, { actor, app, process: 'web.3' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const viewer = await signedIn(await here.world.addUser('viewer'));
    for (const refused of [
      () => findShellTarget(platform, { actor: viewer, app }),
      () => listRunning(platform, { actor: viewer, app }),
      () => requireExec(platform, { actor: viewer, app }),
    ])
      await expect(refused()).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('ends with the token of who opened it', async () => {
    await start();
    const { platform } = here.world;
    const member = await here.world.addUser('member');
    const actor = await signedIn(member);
    const { ticket } = await askShell(platform, { actor, app: here.app.name });
    const allowed = await redeemShell(platform, { ticket });
    await allowed.check();
    await revokeToken(platform, { actor, id: actor.tokenId });
    const revoked = { code: 'unauthorized', message: expect.stringContaining('token') };
    await expect(allowed.check()).rejects.toMatchObject(revoked);
    await expect(redeemShell(platform, { ticket })).rejects.toMatchObject(revoked);
    await expect(askShell(platform, { actor, app: here.app.name })).rejects.toMatchObject(revoked);
    const old = await signedIn(member);
    await platform.db.apiToken.update({ where: { id: old.tokenId }, data: { expiresAt: new Date(Date.now() - 1) } });
    await expect(askShell(platform, { actor: old, app: here.app.name })).rejects.toMatchObject(revoked);
  });

  it('is off without an address, and says what to do instead', async () => {
    const { platform } = here.world;
    const { name } = here.app;
    await expect(requireExec(platform, { ...here.who })).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining(`use ssh -p 2222 ${name}@localhost.`),
    });
    const addresses = { ...platform.addresses, execAddress: '127.80.0.1' };
    await requireExec({ ...platform, addresses }, { ...here.who });
  });
});
