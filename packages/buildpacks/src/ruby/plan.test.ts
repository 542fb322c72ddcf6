import { describe, expect, it } from 'vitest';
import type { SourceView } from '../source-view.js';
import { rubyBuildpack } from './buildpack.js';
import { planRuby } from './plan.js';

const none = { processes: {}, caches: [], files: [], agents: [], cron: [], needs: [], environments: {} };
const view = (texts: Record<string, string>, more: string[] = []): SourceView => ({
  paths: [...Object.keys(texts), ...more].sort(),
  texts,
});
const server = 'https://gems.example/';
const lock = (gems: string[], more = '', platforms = ['ruby', 'x86_64-linux']) =>
  [
    'GEM',
    `  remote: ${server}`,
    '  specs:',
    ...gems.map((gem) => `    ${gem}`),
    '      indirect (>= 1)',
    '',
    'PLATFORMS',
    ...platforms.map((one) => `  ${one}`),
    '',
    'DEPENDENCIES',
    '  rack',
    '',
    more,
  ].join('\n');
const rack = { Gemfile: `source "${server}"\ngem "rack"\n`, 'Gemfile.lock': lock(['rack (3.1.0)', 'rackup (2.2.0)']) };
const wishOf = (texts: Record<string, string>) => planRuby(view({ ...rack, ...texts }, ['config.ru']), none).runtime;

describe('planRuby', () => {
  it('plans a Rack app', () => {
    expect(planRuby(view(rack, ['config.ru']), none)).toMatchSnapshot();
  });

  it('plans Rails with assets', () => {
    const texts = {
      Gemfile: 'ruby "~> 3.3.0"\ngem "rails"\ngem "private", source: ENV.fetch("GEM_SOURCE")\n',
      'Gemfile.lock': lock(['railties (8.0.0)', 'propshaft (1.0.0)', 'puma (6.4.0)']),
    };
    expect(planRuby(view(texts, ['Rakefile', 'bin/rails', 'config.ru', '.bundle/config']), none)).toMatchSnapshot();
  });

  it('asks no server when every gem is in the repository', () => {
    const cached = ['vendor/cache/rack-3.1.0.gem', 'vendor/cache/rackup-2.2.0.gem', 'config.ru'];
    const { dependencies } = planRuby(view(rack, cached), none);
    expect(dependencies?.installProduction.argv).toEqual(['bundle-install', '--local']);
    expect(dependencies?.files?.map(({ path }) => path)).toEqual(['Gemfile', 'Gemfile.lock', ...cached.slice(0, 2)]);
    const some = planRuby(view(rack, cached.slice(1)), none);
    expect(some.dependencies?.installProduction.argv).toEqual(['bundle-install']);
  });

  it.each([
    ['a gem of its own', { 'Gemfile.lock': `PATH\n  remote: .\n  specs:\n    own (1.0)\n\n${lock([])}` }, 'itself'],
    ['another Gemfile', { Gemfile: 'eval_gemfile "gems.rb"\n' }, 'the Gemfile reads other files (eval_gemfile)'],
  ])('makes dependencies of one commit only with %s', (_what, texts, reason) => {
    const { dependencies } = planRuby(view({ ...rack, ...texts }, ['config.ru']), none);
    expect(dependencies).toMatchObject({ files: undefined, notSharedBecause: expect.stringContaining(reason) });
  });

  it.each([
    [['config.ru'], ['rack (3.1.0)', 'puma (6.4.0)'], 'bundle exec puma -p $PORT'],
    [['config.ru'], ['rack (3.1.0)'], 'bundle exec rackup config.ru -o 0.0.0.0 -p $PORT'],
    [['config.ru', 'bin/rails'], ['railties (8.0.0)'], 'bin/rails server -b 0.0.0.0 -p $PORT -e $RAILS_ENV'],
  ])('starts %j with %j by %s', (paths, gems, command) => {
    const texts = { ...rack, 'Gemfile.lock': lock(gems) };
    expect(planRuby(view(texts, paths), none).processes).toEqual([{ name: 'web', command, singleton: false }]);
  });

  it('installs what assets are made with before they are made', () => {
    const texts = {
      ...rack,
      'Gemfile.lock': lock(['railties (8.0.0)', 'propshaft (1.0.0)', 'jsbundling-rails (1.3.0)']),
      'package.json': JSON.stringify({ scripts: { build: 'esbuild' } }),
      'yarn.lock': '# yarn lockfile v1\n',
    };
    const plan = planRuby(view(texts, ['Rakefile', 'bin/rails']), none);
    expect(plan.tools.map(({ name }) => name)).toEqual(['node', 'yarn']);
    expect(plan.build.map(({ argv }) => argv.slice(0, 2))).toEqual([
      ['yarn', 'install'],
      ['bundle', 'exec'],
    ]);
    expect(plan.leaveOut).toContain('node_modules');
  });

  it('precompiles no assets that are in the repository', () => {
    const texts = { ...rack, 'Gemfile.lock': lock(['railties (8.0.0)', 'sprockets-rails (3.5.0)']) };
    const made = ['Rakefile', 'bin/rails', 'public/assets/.sprockets-manifest-1.json'];
    expect(planRuby(view(texts, made), none).build).toEqual([]);
  });
});

describe('the version of Ruby', () => {
  it.each([
    ['the Gemfile', { Gemfile: 'ruby "3.3.5"\n' }, '3.3.5', 'Gemfile'],
    ['two bounds', { Gemfile: `ruby '>= 3.1', "< 3.4", engine: 'ruby'\n` }, '>= 3.1, < 3.4', 'Gemfile'],
    [
      'a file named there',
      { Gemfile: 'ruby file: ".ruby-version"', '.ruby-version': 'ruby-3.3.5\n' },
      'ruby-3.3.5',
      'Gemfile',
    ],
    ['a file of the desk, of which any patch does', { '.ruby-version': '3.3.5\n' }, '3.3', '.ruby-version'],
    ['asdf', { '.tool-versions': 'nodejs 22.1.0\nruby 3.3.5\n' }, '3.3', '.tool-versions'],
    ['nothing', {}, undefined, undefined],
  ])('is that of %s', (_what, texts, wish, wishFrom) => {
    expect(wishOf(texts)).toEqual({ name: 'ruby', wish, wishFrom });
  });
});

describe('a Gemfile.lock', () => {
  const plan = (text: string | undefined) =>
    planRuby(view({ Gemfile: '', ...(text === undefined ? {} : { 'Gemfile.lock': text }) }, ['config.ru']), none);
  it.each([
    ['that is not there', undefined, 'There is no Gemfile.lock.'],
    ['with a conflict', '<<<<<<< HEAD\nGEM\n', 'marks of a merge conflict'],
    [
      'for other systems',
      lock(['rack (3.1.0)'], '', ['arm64-darwin-23']),
      'Gemfile.lock is not for Linux; its platforms are arm64-darwin-23.',
    ],
  ])('%s is refused', (_what, text, message) => {
    expect(() => plan(text)).toThrow(message);
  });
});

describe('servers of gems', () => {
  it('get their passwords, and the public one is mirrored', () => {
    const texts = {
      Gemfile: '',
      'Gemfile.lock': lock(['a (1)'], 'GIT\n  remote: https://git.my-host.example/a.git\n'),
    };
    const { dependencies } = planRuby(view(texts, ['config.ru']), none);
    expect(dependencies?.configNames).toEqual(['BUNDLE_GEMS__EXAMPLE', 'BUNDLE_GIT__MY___HOST__EXAMPLE']);
    const mirrored = (remote: string) =>
      rubyBuildpack.sourceEnv(
        { npm: '', apt: { lines: [], options: [] }, rubygems: 'https://mirror.example/' },
        view({ 'Gemfile.lock': `GEM\n  remote: ${remote}\n` }),
      );
    expect(mirrored('https://rubygems.test/')).toMatchObject({
      'BUNDLE_MIRROR__HTTPS://RUBYGEMS__TEST/': 'https://mirror.example/',
    });
    expect(Object.keys(mirrored(server)).filter((name) => name.startsWith('BUNDLE_'))).toEqual([]);
  });
});
