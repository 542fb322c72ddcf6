import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askApi, gitEnv, runGit } from '../berth.js';
import { credentials } from '../credentials.js';

/** What makes a deploy of the app slow where a test wants to kill. */
export interface Slow {
  /** A build script, a shell line. */
  build?: string;
  /** The release phase, a shell line. */
  release?: string;
  /** Dependencies without a lockfile: installed in the jail for this commit. */
  dependencies?: Record<string, string>;
  /** Files that do not compress, MiB. */
  ballast?: number;
}

export interface Pushed {
  sha: string;
  /** What the pusher saw, and whether git push said that it is live. */
  ended: Promise<{ isOk: boolean; output: string }>;
  output: () => string;
}

export interface SlowApp {
  id: string;
  name: string;
  webUrl: string;
  push: (slow: Slow) => Promise<Pushed>;
  /** Commits that the server says its branches have. */
  refs: () => Promise<string>;
  remove: () => Promise<void>;
}

const bootMs = 500;

const server = (answer: string) => `
  const server = require('node:http').createServer((request, response) => response.end('${answer}'));
  setTimeout(() => server.listen(process.env.PORT), ${bootMs});
  process.on('SIGTERM', () => server.close(() => process.exit(0)));`;
const clock = `process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1_000);`;

/** An app with a web and a clock that is deployed again and again by real pushes, each a new commit. */
export async function openSlowApp(name: string): Promise<SlowApp> {
  const app: { id: string; name: string; web_url: string } = await askApi('POST', '/apps', { name });
  const folder = await mkdtemp(join(tmpdir(), 'berth-e2e-kills-'));
  const remote = `${credentials.gitUrl}/${name}.git`;
  await runGit(folder, ['init', '--quiet', '--initial-branch=main']);

  const commit = async (slow: Slow) => {
    const answer = randomBytes(6).toString('hex');
    const files = filesOf(answer, slow);
    for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
    if (!slow.ballast) await rm(join(folder, 'ballast'), { force: true });
    await runGit(folder, ['add', '--all']);
    await runGit(folder, ['commit', '--quiet', '--message', answer]);
    return (await runGit(folder, ['rev-parse', 'HEAD'])).output.trim();
  };
  return {
    id: app.id,
    name,
    webUrl: app.web_url,
    push: async (slow) => {
      const sha = await commit(slow);
      // Forced: what a test made fail is not below the next commit on the server.
      const child = spawn('git', ['push', '--force', remote, 'main'], { cwd: folder, env: gitEnv });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          output += chunk;
        });
      const ended = new Promise<{ isOk: boolean; output: string }>((resolve) =>
        child.on('close', (code) => resolve({ isOk: code === 0, output })),
      );
      return { sha, ended, output: () => output };
    },
    refs: async () => (await runGit(folder, ['ls-remote', remote])).output,
    remove: async () => {
      await rm(folder, { recursive: true, force: true });
      await askApi('DELETE', `/apps/${name}`);
    },
  };
}

function filesOf(answer: string, { build, release, dependencies, ballast }: Slow) {
  const scripts = { start: 'node server.js', ...(build ? { build } : {}) };
  const procfile = ['web: node server.js', 'clock: node clock.js'];
  if (release) procfile.push(`release: ${release}`);
  return {
    'package.json': JSON.stringify({ name: 'slow', private: true, scripts, ...(dependencies ? { dependencies } : {}) }),
    Procfile: `${procfile.join('\n')}\n`,
    'server.js': server(answer),
    'clock.js': clock,
    ...(ballast ? { ballast: randomBytes(ballast * 1024 * 1024) } : {}),
  };
}
