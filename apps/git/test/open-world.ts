import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openLogger } from '@berth/daemon/logger';
import { createTestDatabase, prepareTemplate } from '@berth/db/test-database';
import { openRegistry } from '@berth/images/registry';
import { openPlatform } from '@berth/platform/platform';
import { createToken } from '@berth/platform/tokens/create-token';
import { needed } from '../../../packages/daemon/test/needed.js';
import { readConfig } from '../src/config.js';
import { startGit } from '../src/start-git.js';
import { startDeployer } from './start-deployer.js';

const template = 'berth_template_git';

/** A git process of ours on real PostgreSQL, Redis and registry, with a deployer that plays builder and releaser. */
export async function openWorld(overrides: Record<string, string> = {}) {
  const adminUrl = needed('TEST_DATABASE_URL');
  await prepareTemplate(adminUrl, template);
  const database = await createTestDatabase(adminUrl, template);
  const dir = await mkdtemp(join(tmpdir(), 'berth-git-test-'));
  const instance = `git-${randomBytes(4).toString('hex')}`;
  const env = {
    BERTH_INSTANCE: instance,
    DATABASE_URL: database.url,
    REDIS_URL: needed('TEST_REDIS_URL'),
    REGISTRY_URL: needed('TEST_REGISTRY_URL'),
    ...(process.env.TEST_REGISTRY_TOKEN_URL && { REGISTRY_TOKEN_URL: process.env.TEST_REGISTRY_TOKEN_URL }),
    BERTH_SECRET_KEY: randomBytes(32).toString('base64'),
    BERTH_GIT_DIR: join(dir, 'repositories'),
    BERTH_GIT_HTTP_PORT: '0',
    BERTH_GIT_SSH_PORT: '0',
    LOG_LEVEL: 'warn',
    ...overrides,
  };
  const config = readConfig(env);
  await mkdir(config.BERTH_GIT_DIR);
  const platform = openPlatform(config);
  const registry = openRegistry({ url: config.REGISTRY_URL, tokenUrl: config.REGISTRY_TOKEN_URL?.reveal() });
  const logger = openLogger('git-test', config.LOG_LEVEL);
  const open = () => startGit({ config, platform, registry, logger });
  let git = await open();
  const deployer = startDeployer(platform);
  return {
    dir,
    env,
    config,
    platform,
    registry,
    deployer,
    get ports() {
      return { http: git.httpPort, ssh: git.sshPort };
    },
    /** As compose would after a crash: the parts in the database and on disk stay. */
    restart: async () => {
      await git.stop();
      git = await open();
    },
    /** For a test that starts the process itself. */
    stopGit: () => git.stop(),
    urlOf: (token: string, app: string) => `http://any:${token}@127.0.0.1:${git.httpPort}/${app}.git`,
    close: async () => {
      await deployer.stop();
      await git.stop();
      await registry.close();
      const keys = await platform.redis.keys(`berth:${instance}:*`);
      if (keys.length) await platform.redis.del(...keys);
      await platform.close();
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** A person in a team of their own (or in the team of `teamId`), with a token. */
export async function addPerson(
  world: World,
  name: string,
  membership: { teamId?: string; role?: 'viewer' | 'member' | 'owner' } = {},
) {
  const { db } = world.platform;
  const user = await db.user.create({ data: { name, email: `${name}@example.org` } });
  const teamId = membership.teamId ?? (await db.team.create({ data: { name } })).id;
  await db.membership.create({ data: { teamId, userId: user.id, role: membership.role ?? 'owner' } });
  const { token } = await createToken(world.platform, { actor: { userId: user.id }, description: 'test' });
  return { userId: user.id, teamId, token };
}

/** An app in the team's production; with `repositoryId` another app of the same service. */
export async function addApp(
  world: World,
  owner: { userId: string; teamId: string },
  name: string,
  repositoryId?: string,
) {
  const { db } = world.platform;
  const { teamId } = owner;
  const environment = await db.environment.upsert({
    where: { teamId_name: { teamId, name: 'production' } },
    create: { teamId, name: 'production' },
    update: {},
  });
  return db.app.create({
    data: {
      name,
      teamId,
      environmentId: environment.id,
      repositoryId: repositoryId ?? (await db.repository.create({ data: {} })).id,
      createdById: owner.userId,
    },
  });
}

/** What a git command printed and how it ended; never throws. */
export interface GitResult {
  code: number;
  output: string;
}

/** A person's clone, driven by the git client of this machine with no configuration of its own. */
export async function makeClone(world: World, name: string) {
  const dir = join(world.dir, name);
  await mkdir(dir, { recursive: true });
  const env = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: world.dir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C.UTF-8',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  };
  const git = async (argv: string[], extraEnv: Record<string, string> = {}): Promise<GitResult> => {
    try {
      const { stdout, stderr } = await promisify(execFile)('git', argv, { cwd: dir, env: { ...env, ...extraEnv } });
      return { code: 0, output: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, output: stdout + stderr };
    }
  };
  const must = async (argv: string[]): Promise<string> => {
    const { code, output } = await git(argv);
    if (code !== 0) throw new Error(`git ${argv.join(' ')}: ${output}`);
    return output.trim();
  };
  await must(['init', '-q', '-b', 'main']);
  return {
    dir,
    env,
    git,
    must,
    /** Writes files and commits them; the message tells the deployer what to do. Returns the commit. */
    commit: async (
      message: string,
      files: Record<string, string | Buffer> = { 'index.js': `// ${Math.random()}\n` },
    ) => {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(join(dir, path, '..'), { recursive: true });
        await writeFile(join(dir, path), content);
      }
      await must(['add', '-A']);
      await must(['commit', '-q', '--allow-empty', '-m', message]);
      return must(['rev-parse', 'HEAD']);
    },
  };
}

export type Clone = Awaited<ReturnType<typeof makeClone>>;
