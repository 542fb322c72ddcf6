import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const shop = fileURLToPath(new URL('.', import.meta.url));
export const services = ['web', 'cart', 'orders', 'users', 'stock', 'mail'];
/** Project → the services that it changes, on a branch of its name. */
export const projects = { red: ['cart', 'users'], blue: ['orders', 'users'] };

const identity = ['-c', 'user.name=Shop', '-c', 'user.email=shop@example.com'];

/**
 * A git repository of each service in `<folder>/<service>`: main, and a branch of each project that changes it, where
 * VERSION says the branch's name.
 * @param {string} folder must not have them yet
 */
export function makeRepositories(folder) {
  for (const service of services) {
    const directory = join(resolve(folder), service);
    const git = (/** @type {string[]} */ ...args) => execFileSync('git', [...identity, ...args], { cwd: directory });
    mkdirSync(directory, { recursive: true });
    cpSync(join(shop, service), directory, { recursive: true });
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('commit', '--quiet', `--message=${service}`);
    for (const [project, changed] of Object.entries(projects)) {
      if (!changed.includes(service)) continue;
      git('switch', '--quiet', '--create', project);
      writeFileSync(join(directory, 'VERSION'), `${project}\n`);
      git('commit', '--quiet', '--all', `--message=${service} for project ${project}`);
      git('switch', '--quiet', 'main');
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Error('usage: node make-repositories.mjs <folder>');
  makeRepositories(folder);
  console.log(`${services.join(', ')} are in ${resolve(folder)}`);
}
