import { describe, expect, it } from 'vitest';
import type { SourceView } from '../source-view.js';
import { planRust } from './plan.js';

const view = (texts: Record<string, string>, more: string[] = []): SourceView => ({
  paths: [...Object.keys(texts), ...more].sort(),
  texts,
});
const none = { processes: {}, caches: [], files: [], agents: [], cron: [], needs: [], environments: {} };
const crate = (name: string, more = '') => `[package]\nname = "${name}"\n${more}`;
const webOf = (texts: Record<string, string>, more: string[]) =>
  planRust(view(texts, more), none).processes.find(({ name }) => name === 'web')?.command;

describe('planRust', () => {
  it('compiles a package and starts its program', () => {
    expect(planRust(view({ 'Cargo.toml': crate('shop') }, ['Cargo.lock', 'src/main.rs']), none)).toMatchSnapshot();
  });

  it('takes the build command of berth.yaml, and leaves vendored crates out', () => {
    const texts = { 'Cargo.toml': crate('shop'), Procfile: 'web: target/release/shop' };
    const plan = planRust(view(texts, ['vendor/log/.cargo-checksum.json']), {
      ...none,
      buildCommand: 'cargo build -r',
    });
    expect(plan.build).toMatchSnapshot();
    expect(plan.leaveOut).toContain('vendor');
    expect(plan.warnings[0]).toContain('There is no Cargo.lock');
  });

  it('gives Rocket its port and address', () => {
    const texts = { 'Cargo.toml': crate('shop', '[dependencies]\nrocket = "0.5"') };
    const { env, processes } = planRust(view(texts, ['src/main.rs']), none);
    expect(env).toEqual({ ROCKET_ADDRESS: '0.0.0.0' });
    expect(processes[0]?.command).toBe('env ROCKET_PORT=$PORT target/release/shop');
  });

  it.each([
    ['a program of its own name', { 'Cargo.toml': crate('a', '[[bin]]\nname = "b"\npath = "b.rs"') }, [], 'b'],
    [
      'the one that runs by default',
      { 'Cargo.toml': crate('a', 'default-run = "c"') },
      ['src/bin/b.rs', 'src/bin/c.rs'],
      'c',
    ],
    ['the main program beside others', { 'Cargo.toml': crate('a') }, ['src/main.rs', 'src/bin/b/main.rs'], 'a'],
    ['one called web', { 'Cargo.toml': crate('a') }, ['src/bin/web.rs', 'src/bin/worker.rs'], 'web'],
    [
      'the program of a workspace',
      { 'Cargo.toml': '[workspace]\nmembers = ["*"]', 'api/Cargo.toml': crate('api'), 'lib/Cargo.toml': crate('lib') },
      ['api/src/main.rs', 'lib/src/lib.rs'],
      'api',
    ],
  ])('starts %s', (_what, texts, paths, name) => {
    expect(webOf(texts, paths)).toBe(`target/release/${name}`);
  });

  it.each([
    [['src/lib.rs'], 'cargo makes no program.'],
    [['src/bin/b.rs', 'src/bin/c.rs'], 'cargo makes more than one program (b, c).'],
  ])('says why %j cannot be started', (paths, reason) => {
    expect(() => webOf({ 'Cargo.toml': crate('a') }, paths)).toThrow(
      `Nothing says how to start this app: there is no Procfile and ${reason}`,
    );
  });

  it('says where a Cargo.toml is wrong', () => {
    expect(() => webOf({ 'Cargo.toml': '[package]\nname = oops\n' }, [])).toThrow('Cargo.toml line 2 is not valid: ');
  });

  it.each([
    [{}, undefined, undefined],
    [{ 'rust-toolchain': '1.82.0\n' }, '1.82.0', 'rust-toolchain'],
    [{ 'rust-toolchain': '[toolchain]\nchannel = "beta"' }, 'beta', 'rust-toolchain'],
    [{ 'rust-toolchain.toml': '[toolchain]\nchannel = "stable"' }, 'stable', 'rust-toolchain.toml'],
    [{ 'Cargo.toml': crate('a', 'rust-version = "1.80"') }, '>=1.80', 'Cargo.toml'],
    [
      {
        'Cargo.toml': '[workspace.package]\nrust-version = "1.9"',
        'b/Cargo.toml': crate('b', 'rust-version = "1.80"'),
      },
      '>=1.80',
      'b/Cargo.toml',
    ],
  ])('reads the version from %j', (texts, wish, wishFrom) => {
    const all = { 'Cargo.toml': crate('a'), Procfile: 'web: x', ...texts };
    expect(planRust(view(all), none).runtime).toEqual({ name: 'rust', wish, wishFrom });
  });
});
