import { describe, expect, test } from 'vitest';
import { parseBasic, parseGitProtocol, parseHttpTarget, parseRepositoryPath, parseSshCommand } from './parse-target.js';

const hello = { team: undefined, name: 'hello' };
const inTeam = { team: 'team', name: 'hello' };

describe('smart HTTP', () => {
  test.each([
    ['GET', '/hello.git/info/refs?service=git-upload-pack', { name: hello, service: 'git-upload-pack', kind: 'refs' }],
    [
      'GET',
      '/team/hello.git/info/refs?service=git-receive-pack',
      { name: inTeam, service: 'git-receive-pack', kind: 'refs' },
    ],
    [
      'POST',
      '/hello--qa.git/git-receive-pack',
      { name: { team: undefined, name: 'hello--qa' }, service: 'git-receive-pack', kind: 'rpc' },
    ],
    ['POST', '/hello.git/git-upload-pack', { name: hello, service: 'git-upload-pack', kind: 'rpc' }],
    ['GET', '/hello.git/info/refs', undefined],
    ['GET', '/hello.git/info/refs?service=git-upload-archive', undefined],
    ['POST', '/hello.git/info/refs?service=git-upload-pack', undefined],
    ['GET', '/hello.git/git-upload-pack', undefined],
    ['GET', '/hello.git/HEAD', undefined],
    [
      'GET',
      '/../etc.git/info/refs?service=git-upload-pack',
      { name: { team: undefined, name: 'etc' }, service: 'git-upload-pack', kind: 'refs' },
    ],
    ['GET', '/a/b/c.git/info/refs?service=git-upload-pack', undefined],
    ['GET', '/he%2fllo.git/info/refs?service=git-upload-pack', undefined],
  ])('%s %s', (method, url, target) => {
    expect(parseHttpTarget(method, url)).toEqual(target);
  });
});

test.each([
  ["git-receive-pack 'hello.git'", { name: hello, service: 'git-receive-pack' }],
  ["git receive-pack '/hello.git'", { name: hello, service: 'git-receive-pack' }],
  ["git-upload-pack '/team/hello.git/'", { name: inTeam, service: 'git-upload-pack' }],
  ['git-upload-pack hello', { name: hello, service: 'git-upload-pack' }],
  ["git-upload-archive 'hello.git'", undefined],
  ["git-upload-pack '../hello.git'", undefined],
  ["git-upload-pack 'hello.git' --strict", undefined],
  ["git-upload-pack '--strict'", { name: { team: undefined, name: '--strict' }, service: 'git-upload-pack' }],
  ['ls', undefined],
])('over SSH: %s', (command, target) => {
  expect(parseSshCommand(command)).toEqual(target);
});

test('a path that is no repository', () => {
  expect(parseRepositoryPath('/Hello.git')).toBeUndefined();
  expect(parseRepositoryPath('')).toBeUndefined();
});

test('the token is the password, whatever the user name is', () => {
  const of = (text: string) => parseBasic(`Basic ${Buffer.from(text).toString('base64')}`);
  expect([of('any:berth_x'), of(':berth_x'), of('a:b:c'), of('berth_x'), of('any:')]).toEqual([
    { user: 'any', password: 'berth_x' },
    { user: '', password: 'berth_x' },
    { user: 'a', password: 'b:c' },
    undefined,
    undefined,
  ]);
  expect(parseBasic(undefined)).toBeUndefined();
  expect(parseBasic('Bearer x')).toBeUndefined();
});

test('only a harmless protocol is handed to git', () => {
  expect(parseGitProtocol('version=2')).toBe('version=2');
  expect(parseGitProtocol('version=2\nX')).toBeUndefined();
  expect(parseGitProtocol(['version=2'])).toBeUndefined();
});
