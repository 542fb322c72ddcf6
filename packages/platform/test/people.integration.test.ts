import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findActorByPassword } from '../src/auth/find-actor-by-password.js';
import { findActorBySshKey } from '../src/auth/find-actor-by-ssh-key.js';
import { findActorByToken } from '../src/auth/find-actor-by-token.js';
import { openAuth } from '../src/auth/open-auth.js';
import { addSshKey } from '../src/ssh-keys/add-ssh-key.js';
import { listSshKeys } from '../src/ssh-keys/list-ssh-keys.js';
import { removeSshKey } from '../src/ssh-keys/remove-ssh-key.js';
import { createInvitation } from '../src/teams/create-invitation.js';
import { createTeam } from '../src/teams/create-team.js';
import { listMembers } from '../src/teams/list-members.js';
import { listTeams } from '../src/teams/list-teams.js';
import { createToken } from '../src/tokens/create-token.js';
import { listTokens } from '../src/tokens/list-tokens.js';
import { revokeToken } from '../src/tokens/revoke-token.js';
import { acceptInvitation } from '../src/users/accept-invitation.js';
import { createFirstAdmin } from '../src/users/create-first-admin.js';
import { getAccount } from '../src/users/get-account.js';
import { joinTeam } from '../src/users/join-team.js';
import { openWorld, type World } from './open-world.js';

const baseUrl = 'http://dashboard.localhost:5000';

/** One line of a fresh public key file, in OpenSSH's form (RFC 8709 for ed25519). */
function freshPublicKey(comment: string): string {
  const { publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const string = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const blob = Buffer.concat([string(Buffer.from('ssh-ed25519')), string(raw)]);
  return `ssh-ed25519 ${blob.toString('base64')} ${comment}`;
}

describe('people', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  }, 60_000);
  afterAll(() => world.close());

  const postTo = (baseUrl: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
    openAuth(world.platform, { baseUrl, secret: 's'.repeat(32) }).handler(
      new Request(`${baseUrl}/api/auth${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: baseUrl, ...headers },
        body: JSON.stringify(body),
      }),
    );
  const post = (path: string, body: unknown, headers?: Record<string, string>) => postTo(baseUrl, path, body, headers);

  it('sign in with email and password and are known by their cookie, until they sign out', async () => {
    const auth = openAuth(world.platform, { baseUrl, secret: 's'.repeat(32) });
    const wrong = await post('/sign-in/email', { email: 'owner@example.com', password: 'not-the-password' });
    expect(wrong.status).toBe(401);
    const answer = await post('/sign-in/email', { email: 'owner@example.com', password: 'password-1' });
    expect(answer.status).toBe(200);
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    const find = () => auth.findSession(new Headers({ cookie }));
    expect(await find()).toEqual({ userId: world.owner.userId, email: 'owner@example.com', name: 'Owner' });
    expect((await post('/sign-out', {}, { cookie })).status).toBe(200);
    expect(await find()).toBeUndefined();
  });

  it('have a cookie that no script and no other host reads, and that travels by TLS where the dashboard has it', async () => {
    const credentials = { email: 'owner@example.com', password: 'password-1' };
    for (const url of [baseUrl, 'https://dashboard.example.com']) {
      const answer = await postTo(url, '/sign-in/email', credentials);
      const cookies = answer.headers.getSetCookie();
      expect(cookies.length).toBeGreaterThan(0);
      for (const cookie of cookies) {
        expect(cookie).toMatch(/; HttpOnly;( Secure;)? SameSite=Lax/);
        expect(cookie).not.toContain('Domain=');
        expect(cookie.includes('; Secure')).toBe(url.startsWith('https:'));
      }
    }
  });

  it('cannot sign themselves up', async () => {
    const answer = await post('/sign-up/email', { email: 'new@example.com', password: 'password-1', name: 'New' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await world.platform.db.user.count({ where: { email: 'new@example.com' } })).toBe(0);
  });

  it('the first admin is made once, whatever is asked twice', async () => {
    const admin = { email: 'OWNER@example.com', name: 'Owner', password: 'password-2' };
    const again = await createFirstAdmin(world.platform, { ...admin, withToken: true });
    expect(again.userId).toBe(world.owner.userId);
    const actor = await findActorByToken(world.platform, { token: again.token ?? '' });
    expect(actor).toMatchObject({ userId: world.owner.userId });
    const { email } = admin;
    expect(await findActorByPassword(world.platform, { email, password: 'password-1' })).toBeUndefined();
    expect(await findActorByPassword(world.platform, { email, password: 'password-2' })).toMatchObject(world.owner);
    await createFirstAdmin(world.platform, { ...admin, password: 'password-1' });
  });

  it('have tokens that are kept as a hash, found, listed and revoked', async () => {
    const actor = await world.addUser('member');
    const { id, token } = await createToken(world.platform, { actor, description: 'laptop' });
    expect(token).toMatch(/^berth_[A-Za-z0-9_-]{43}$/);
    expect(JSON.stringify(await world.platform.db.apiToken.findUnique({ where: { id } }))).not.toContain(token);
    expect(await findActorByToken(world.platform, { token })).toMatchObject(actor);
    expect(await listTokens(world.platform, { actor })).toMatchObject([{ id, description: 'laptop' }]);
    await expect(revokeToken(world.platform, { actor: world.owner, id })).rejects.toMatchObject({ code: 'not_found' });
    await revokeToken(world.platform, { actor, id });
    expect(await findActorByToken(world.platform, { token })).toBeUndefined();
    const old = await createToken(world.platform, { actor, description: 'old', expiresAt: new Date(Date.now() - 1) });
    expect(await findActorByToken(world.platform, { token: old.token })).toBeUndefined();
  });

  it('have SSH keys, each of one user only', async () => {
    const [ann, bob] = [await world.addUser('member'), await world.addUser('member')];
    const publicKey = freshPublicKey('ann@laptop');
    const key = await addSshKey(world.platform, { actor: ann, publicKey });
    expect(key).toMatchObject({
      comment: 'ann@laptop',
      fingerprint: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/),
    });
    expect(await addSshKey(world.platform, { actor: ann, publicKey })).toEqual(key);
    await expect(addSshKey(world.platform, { actor: bob, publicKey })).rejects.toMatchObject({ code: 'conflict' });
    const { fingerprint } = key;
    expect(await findActorBySshKey(world.platform, { fingerprint })).toMatchObject(ann);
    await expect(addSshKey(world.platform, { actor: bob, publicKey: 'ssh-rsa garbage' })).rejects.toMatchObject({
      code: 'invalid_params',
    });
    await expect(removeSshKey(world.platform, { actor: bob, key: key.id })).rejects.toMatchObject({
      code: 'not_found',
    });
    await removeSshKey(world.platform, { actor: ann, key: 'ann@laptop' });
    expect(await listSshKeys(world.platform, { actor: ann })).toEqual([]);
  });

  it('come into a team by a link that works once', async () => {
    const { platform, owner } = world;
    const team = await createTeam(platform, { actor: owner, name: 'harbor' });
    await expect(createTeam(platform, { actor: owner, name: 'harbor' })).rejects.toMatchObject({ code: 'conflict' });
    const { secret, url } = await createInvitation(platform, { actor: owner, team: 'harbor', role: 'member' });
    expect(url).toBe(`${baseUrl}/invitations/${secret}`);
    const person = { name: 'Guest', email: 'guest@example.com', password: 'password-1' };
    const short = acceptInvitation(platform, { secret, ...person, password: 'short' });
    await expect(short).rejects.toMatchObject({ code: 'invalid_params' });
    const guest = await acceptInvitation(platform, { secret, ...person });
    const second = acceptInvitation(platform, { secret, ...person, email: 'second@example.com' });
    await expect(second).rejects.toMatchObject({ code: 'not_found' });
    expect(await listTeams(platform, { actor: guest })).toMatchObject([{ id: team.id, role: 'member' }]);
    expect(await listMembers(platform, { actor: guest, team: 'harbor' })).toHaveLength(2);
    expect(await getAccount(platform, { actor: guest })).toMatchObject({
      email: person.email,
      teams: [{ name: 'harbor' }],
    });
    const { email, password } = person;
    expect(await findActorByPassword(platform, { email, password })).toMatchObject({ userId: guest.userId });
  });

  it('who have an account come into another team with it, once', async () => {
    const { platform, owner } = world;
    await createTeam(platform, { actor: owner, name: 'pier' });
    const invite = async () => createInvitation(platform, { actor: owner, team: 'pier', role: 'viewer' });
    const guest = await acceptInvitation(platform, {
      ...{ secret: (await invite()).secret, name: 'Pia', email: 'pia@example.com', password: 'password-1' },
    });
    await createTeam(platform, { actor: owner, name: 'quay' });
    const { secret } = await createInvitation(platform, { actor: owner, team: 'quay', role: 'member' });
    await joinTeam(platform, { actor: guest, secret });
    const teams = await listTeams(platform, { actor: guest });
    expect(teams.map(({ name, role }) => `${name} ${role}`).sort()).toEqual(['pier viewer', 'quay member']);
    await expect(joinTeam(platform, { actor: guest, secret })).rejects.toMatchObject({ code: 'not_found' });
    const again = await invite();
    await expect(joinTeam(platform, { actor: guest, secret: again.secret })).rejects.toMatchObject({
      code: 'conflict',
    });
    // The link was not used up by that.
    await acceptInvitation(platform, {
      ...{ secret: again.secret, name: 'Quinn', email: 'quinn@example.com', password: 'password-1' },
    });
  });
});
