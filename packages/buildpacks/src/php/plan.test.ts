import { describe, expect, it } from 'vitest';
import type { SourceView } from '../source-view.js';
import { phpBuildpack } from './buildpack.js';
import { planPhp } from './plan.js';

const none = { processes: {}, caches: [], files: [], agents: [], cron: [], needs: [], environments: {} };
const view = (texts: Record<string, string>, more: string[] = []): SourceView => ({
  paths: [...Object.keys(texts), ...more].sort(),
  texts,
});
const json = (value: object) => JSON.stringify(value);
const lock = json({ packages: [] });

describe('planPhp', () => {
  it('plans files without Composer', () => {
    expect(planPhp(view({}, ['index.php', 'a.css']), none)).toMatchSnapshot();
  });

  it('plans Laravel with a lockfile', () => {
    const texts = {
      'composer.json': json({
        name: 'shop/shop',
        description: 'A shop',
        require: { php: '^8.2', 'laravel/framework': '^12', 'ext-pdo': '*' },
        autoload: { 'psr-4': { 'App\\': 'app/' } },
        scripts: { 'post-autoload-dump': ['@php artisan package:discover'], compile: 'x' },
      }),
      'composer.lock': lock,
    };
    expect(planPhp(view(texts, ['artisan', 'public/index.php', 'patches/a.patch']), none)).toMatchSnapshot();
  });

  it.each([
    ['no lockfile', {}, { 'composer.json': json({ require: { 'a/b': '1' } }) }, 'there is no composer.lock'],
    [
      'a path repository',
      {},
      {
        'composer.json': json({ require: { 'a/b': '1' }, repositories: { x: { type: 'path', url: 'packages/*' } } }),
        'composer.lock': lock,
      },
      'composer.json takes packages from the repository itself (packages/*)',
    ],
    [
      'packages outside of vendor',
      {},
      {
        'composer.json': json({ require: { 'a/b': '1' }, extra: { 'installer-paths': { 'web/core': [] } } }),
        'composer.lock': lock,
      },
      'packages are installed outside of vendor/ (installer-paths)',
    ],
  ])('makes dependencies of one commit only with %s', (_what, _more, texts, reason) => {
    expect(planPhp(view(texts, ['index.php']), none).dependencies).toMatchObject({
      files: undefined,
      notSharedBecause: reason,
    });
  });

  it('installs nothing when the packages are in the repository', () => {
    const texts = { 'composer.json': json({ require: { 'a/b': '1' } }), 'composer.lock': lock };
    const plan = planPhp(view(texts, ['index.php', 'vendor/autoload.php']), none);
    expect(plan).toMatchObject({ dependencies: undefined, build: [] });
    expect(plan.warnings).toHaveLength(1);
  });

  it('gives a new script the same dependencies', () => {
    const files = (script: string) =>
      planPhp(
        view({
          'composer.json': json({ require: { 'a/b': '1' }, scripts: { test: script } }),
          'composer.lock': lock,
          'index.php': '',
        }),
        none,
      ).dependencies?.files;
    expect(files('a')).toEqual(files('b'));
  });

  it.each([
    ['web: vendor/bin/heroku-php-apache2 public/', 'heroku-php-apache2 public/'],
    ['web: heroku-php-nginx -C nginx.conf public/', 'heroku-php-nginx -C nginx.conf public/'],
    ['web: php worker.php', 'php worker.php'],
  ])('understands %s', (Procfile, command) => {
    expect(planPhp(view({ Procfile }, ['index.php']), none).processes[0]).toMatchObject({ command });
  });

  it.each([
    ['public/index.php', 'heroku-php-nginx public/'],
    ['web/index.php', 'heroku-php-nginx web/'],
    ['index.php', 'heroku-php-nginx'],
  ])('starts %s by %s', (path, command) => {
    expect(planPhp(view({}, [path]), none).processes).toEqual([{ name: 'web', command, singleton: false }]);
  });

  it('makes assets by Node.js, which is not in the image', () => {
    const texts = {
      'composer.json': '{}',
      'package.json': json({ engines: { node: '22' }, scripts: { build: 'vite build' } }),
      'pnpm-lock.yaml': "lockfileVersion: '9.0'",
    };
    expect(planPhp(view(texts, ['public/index.php']), none)).toMatchObject({
      tools: [
        { name: 'node', version: '22', isInImage: false },
        { name: 'pnpm', isInImage: false },
      ],
      build: [{ argv: ['pnpm', 'install', '--frozen-lockfile', '--prod=false'] }, { argv: ['pnpm', 'run', 'build'] }],
      leaveOut: ['node_modules'],
    });
  });

  it('says why nothing starts', () => {
    expect(() => planPhp(view({ 'composer.json': '{}' }), none)).toThrow('there is no index.php');
  });
});

describe('extensions', () => {
  const plan = (require: object, packages: object[] = []) =>
    planPhp(view({ 'composer.json': json({ require }), 'composer.lock': json({ packages }), 'index.php': '' }), none);

  it('are there, or provided by a package', () => {
    plan({ 'ext-PDO': '*', 'ext-mbstring': '*', 'ext-zend-opcache': '*', 'ext-redis': '^6' });
    plan({ 'ext-uuid': '*' }, [{ name: 'symfony/polyfill-uuid', provide: { 'ext-uuid': '*' } }]);
  });

  it('that are missing are named with who asks for them', () => {
    expect(() => plan({ 'ext-imagick': '*' })).toThrow(
      'This app asks for PHP extensions that Berth does not have: ext-imagick (composer.json). There are: apcu, bcmath,',
    );
    expect(() => plan({}, [{ name: 'a/b', require: { 'ext-grpc': '*' } }])).toThrow('ext-grpc (a/b)');
  });
});

describe('detection', () => {
  it('takes an app with assets for PHP, one with a server of Node.js not', () => {
    const detect = (scripts: object) =>
      phpBuildpack.detect(view({ 'composer.json': '{}', 'package.json': json({ scripts }) }));
    expect(detect({ build: 'vite build' })).toBe(true);
    expect(detect({ start: 'node server.js' })).toBe(false);
  });

  it.each([
    ['composer.json', '{', 'composer.json is not valid JSON'],
    ['composer.lock', '<<<<<<< HEAD', 'composer.lock is not valid JSON'],
  ])('says that %s is broken', (path, text, message) => {
    expect(() => planPhp(view({ 'composer.json': '{}', [path]: text }, ['index.php']), none)).toThrow(message);
  });
});
