import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { api, remoteOf } from './berth.mjs';
import { ask, pause } from './measure.mjs';

const services = ['density-a', 'density-b', 'density-c'];
/** Each costs two cores more than a second; more at a time take no less. */
const sideBySide = 2;

/** Hundreds of project environments of three services upon one base. What an earlier run left is used. */
export class DensityWorld {
  #appsPort;
  /** Names of the projects' apps. */
  apps = [];
  #asked = new Set();

  constructor(appsPort) {
    this.#appsPort = appsPort;
  }

  /** Returns how many environments were not there yet. */
  async make(count) {
    const base = await makeBase();
    const there = await this.#ours();
    this.apps = there.flatMap(({ services: made }) => made.map(({ app }) => app.name));
    const names = new Set(there.map(({ name }) => name));
    const missing = Array.from({ length: count }, (_, at) => `density-${at + 1}`).filter((name) => !names.has(name));
    const total = missing.length;
    const lane = async () => {
      for (let name = missing.shift(); name; name = missing.shift()) await this.#makeOne(base, name);
    };
    await Promise.all(Array.from({ length: sideBySide }, lane));
    return total;
  }

  /** Its apps are put to sleep as soon as they have answered: hundreds that are awake would not fit. */
  async #makeOne(base, name) {
    const wishes = services.map((service) => ({ service, release: 'current' }));
    const { services: made } = await api('POST', '/environments', { name, base, ttl_hours: 24, services: wishes });
    const apps = made.map(({ app }) => app.name);
    for (const app of apps) {
      const endsAt = performance.now() + 5 * 60_000;
      while ((await this.status(app)) !== 200) {
        if (performance.now() > endsAt) throw new Error(`${app} does not answer`);
        await pause(50);
      }
      await putToSleep(app);
      this.#asked.add(app);
    }
    this.apps.push(...apps);
    if (this.apps.length % 30 === 0) process.stdout.write(`${this.apps.length} `);
  }

  /** Until the memory of all of them is pushed out. */
  async sleepAll() {
    let left = [...this.apps];
    const endsAt = performance.now() + 30 * 60_000;
    while (left.length > 0) {
      const awake = [];
      for (const app of left) {
        const { state } = await api('GET', `/apps/${app}/sleep`);
        if (state === 'pushed_out') continue;
        awake.push(app);
        // Stopped: memory was short for a while.
        if (state === 'stopped') await this.first(app);
        else if (this.#asked.has(app)) continue;
        await putToSleep(app);
        this.#asked.add(app);
      }
      left = awake;
      if (left.length > 0) process.stdout.write(`(${left.length}) `);
      if (performance.now() > endsAt) throw new Error(`${left.length} apps do not sleep, such as ${left[0]}`);
      await pause(2_000);
    }
    process.stdout.write('\n');
  }

  #to(app) {
    return { host: '127.0.0.1', port: this.#appsPort, headers: { host: `${app}.localhost` } };
  }

  /** ms of a request until its answer is whole. */
  first(app) {
    return ask(this.#to(app));
  }

  /** Of an answer, or undefined. */
  async status(app) {
    return ask(this.#to(app)).then(
      () => 200,
      (error) => error.status,
    );
  }

  /** Asks an app 50 times a second while `body` runs. */
  async whileAsked(app, body) {
    let [isOver, asked, failed] = [false, 0, 0];
    const asking = (async () => {
      while (!isOver) {
        asked++;
        if ((await this.status(app)) !== 200) failed++;
        await pause(20);
      }
    })();
    const times = await body().finally(() => {
      isOver = true;
    });
    await asking;
    return { times, asked, failed };
  }

  async #ours() {
    const all = await api('GET', '/environments');
    return all.filter(({ name }) => /^density-\d+$/.test(name));
  }

  async remove() {
    const left = (await this.#ours()).map(({ name }) => name);
    const lane = async () => {
      for (let name = left.shift(); name; name = left.shift())
        await api('DELETE', `/environments/${name}`).catch((error) => console.error(error.message));
    };
    await Promise.all(Array.from({ length: sideBySide }, lane));
    while ((await this.#ours()).length > 0) await pause(1_000);
    for (const service of services) await api('DELETE', `/apps/${service}`).catch(() => {});
    for (const { id, name } of await api('GET', '/pipelines'))
      if (services.includes(name)) await api('DELETE', `/pipelines/${id}`).catch(() => {});
  }
}

/** It answers a moment before its release is over. */
async function putToSleep(app) {
  const ask = () => api('POST', `/apps/${app}/actions/sleep`, { step: 'pushed_out' });
  for (let tries = 0; tries < 50; tries++) {
    if (await ask().catch(() => undefined)) return;
    await pause(100);
  }
  await ask();
}

/** Each service live in the base, in its pipeline. Returns the base's name. */
async function makeBase() {
  const stages = await api('GET', '/teams/default/environments');
  const folder = mkdtempSync(join(tmpdir(), 'berth-density-'));
  const git = (...argv) => execFileSync('git', argv, { cwd: folder, stdio: 'ignore' });
  cpSync(fileURLToPath(new URL('./app', import.meta.url)), folder, { recursive: true });
  rmSync(join(folder, 'Dockerfile'), { force: true });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '-qm', 'density');
  for (const service of services) {
    if (await api('GET', `/apps/${service}`).catch(() => undefined)) continue;
    const app = await api('POST', '/apps', { name: service });
    const { id } = await api('POST', '/pipelines', { name: service });
    await api('POST', '/pipeline-couplings', { app: app.id, pipeline: id, stage: 'production' });
    git('push', '-q', '-f', remoteOf(`default/${service}`), 'HEAD:refs/heads/main');
  }
  rmSync(folder, { recursive: true, force: true });
  return stages.at(-1).name;
}
