import { describe, expect, test } from 'vitest';
import { type Files, listPackages } from './list-packages.js';

/** `type:namespace/name@version` of each. */
const namesOf = (files: Files) =>
  listPackages(files).packages.map(
    ({ type, namespace, name, version }) => `${type}:${namespace ? `${namespace}/` : ''}${name}@${version}`,
  );

const packageJson = JSON.stringify({ dependencies: { a: '^1.0.0' }, devDependencies: { test: '^3.0.0' } });

describe('the packages of a lockfile', () => {
  test('npm: without dev dependencies, links and the app itself', () => {
    const lock = {
      lockfileVersion: 3,
      packages: {
        '': { name: 'app', version: '1.0.0' },
        'packages/own': { version: '1.0.0' },
        'node_modules/own': { link: true, resolved: 'packages/own' },
        'node_modules/a': { version: '1.2.3' },
        'node_modules/a/node_modules/@s/b': { version: '2.0.0' },
        'node_modules/alias': { name: 'real', version: '4.0.0' },
        'node_modules/test': { version: '3.0.0', dev: true },
      },
    };
    const files = { 'package.json': packageJson, 'package-lock.json': JSON.stringify(lock) };
    expect(namesOf(files)).toEqual(['npm:a@1.2.3', 'npm:real@4.0.0', 'npm:@s/b@2.0.0']);
    expect(listPackages(files)).toMatchObject({ isComplete: true, readFrom: ['package-lock.json'] });
  });

  test('npm 6: a tree', () => {
    const lock = {
      lockfileVersion: 1,
      dependencies: {
        a: { version: '1.0.0', dependencies: { b: { version: '2.0.0' } } },
        c: { version: '1.0.0', dev: true },
      },
    };
    expect(namesOf({ 'package-lock.json': JSON.stringify(lock) })).toEqual(['npm:a@1.0.0', 'npm:b@2.0.0']);
  });

  test('pnpm 9: what production dependencies lead to', () => {
    const lock = `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: { specifier: ^1.0.0, version: 1.2.3(peer@5.0.0) }
    devDependencies:
      test: { specifier: ^3.0.0, version: 3.0.0 }
packages:
  a@1.2.3: { resolution: { integrity: sha512-x } }
snapshots:
  a@1.2.3(peer@5.0.0):
    dependencies: { '@s/b': 2.0.0, peer: 5.0.0 }
  '@s/b@2.0.0': {}
  peer@5.0.0: {}
  test@3.0.0: {}
`;
    expect(namesOf({ 'package.json': packageJson, 'pnpm-lock.yaml': lock })).toEqual([
      'npm:a@1.2.3',
      'npm:peer@5.0.0',
      'npm:@s/b@2.0.0',
    ]);
  });

  test('pnpm 6 and 5: keys with a slash', () => {
    const six = `lockfileVersion: '6.0'
dependencies: { a: { specifier: ^1.0.0, version: 1.2.3 } }
packages:
  /a@1.2.3: { dependencies: { b: 2.0.0 } }
  /b@2.0.0: {}
  /test@3.0.0: { dev: true }
`;
    const five = six
      .replace("'6.0'", '5.4')
      .replace('{ specifier: ^1.0.0, version: 1.2.3 }', '1.2.3')
      .replace(/(\w)@(\d)/g, '$1/$2');
    for (const lock of [six, five]) expect(namesOf({ 'pnpm-lock.yaml': lock })).toEqual(['npm:a@1.2.3', 'npm:b@2.0.0']);
  });

  test('yarn 1', () => {
    const lock = `# yarn lockfile v1


"@s/b@~2.0.0", "@s/b@^2.0.0":
  version "2.0.1"
  resolved "x"

a@^1.0.0:
  version "1.2.3"
  dependencies:
    "@s/b" "^2.0.0"
  optionalDependencies:
    c "*"

c@*:
  version "5.0.0"

test@^3.0.0:
  version "3.0.0"
`;
    expect(namesOf({ 'package.json': packageJson, 'yarn.lock': lock })).toEqual([
      'npm:a@1.2.3',
      'npm:c@5.0.0',
      'npm:@s/b@2.0.1',
    ]);
    expect(namesOf({ 'yarn.lock': lock })).toContain('npm:test@3.0.0');
  });

  test('yarn 4', () => {
    const lock = `__metadata:
  version: 8

"a@npm:^1.0.0":
  version: 1.2.3
  resolution: "a@npm:1.2.3"
  dependencies:
    "@s/b": "npm:^2.0.0"
  languageName: node

"@s/b@npm:^2.0.0, @s/b@npm:~2.0.0":
  version: 2.0.1
  resolution: "@s/b@npm:2.0.1"

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."

"test@npm:^3.0.0":
  version: 3.0.0
  resolution: "test@npm:3.0.0"
`;
    expect(namesOf({ 'package.json': packageJson, 'yarn.lock': lock })).toEqual(['npm:a@1.2.3', 'npm:@s/b@2.0.1']);
  });

  test('bun: JSON with trailing commas', () => {
    const lock = `{
  "lockfileVersion": 1,
  "packages": {
    "a": ["a@1.2.3", "", {}, "sha512-x"],
    "@s/b": ["@s/b@2.0.0", "", {}, "sha512-x"],
    "own": ["own@workspace:packages/own"],
  },
}`;
    expect(namesOf({ 'bun.lock': lock })).toEqual(['npm:a@1.2.3', 'npm:@s/b@2.0.0']);
  });

  test('uv and poetry: names as PEP 503 writes them, without the app and what is for development', () => {
    const uv = `version = 1
[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
[[package]]
name = "Flask_Cors"
version = "5.0.0"
source = { registry = "x" }
`;
    const poetry = `[[package]]
name = "flask"
version = "3.0.0"
groups = ["main"]
[[package]]
name = "pytest"
version = "8.0.0"
groups = ["dev"]
`;
    expect(namesOf({ 'uv.lock': uv })).toEqual(['pypi:flask-cors@5.0.0']);
    expect(namesOf({ 'poetry.lock': poetry })).toEqual(['pypi:flask@3.0.0']);
  });

  test('Pipfile.lock and requirements.txt', () => {
    const pipfile = {
      default: { flask: { version: '==3.0.0' }, own: {} },
      develop: { pytest: { version: '==8.0.0' } },
    };
    expect(namesOf({ 'Pipfile.lock': JSON.stringify(pipfile) })).toEqual(['pypi:flask@3.0.0']);
    const requirements = '# all\nFlask[async]==3.0.0 ; python_version > "3.8"\nnumpy>=2\n-r other.txt\nwild==1.*\n';
    expect(namesOf({ 'requirements.txt': requirements })).toEqual(['pypi:flask@3.0.0']);
    expect(listPackages({ 'requirements.txt': requirements }).isComplete).toBe(false);
    const hashed = '--require-hashes\nflask==3.0.0 \\\n  --hash=sha256:abc\n';
    expect(listPackages({ 'requirements.txt': hashed }).isComplete).toBe(true);
  });

  test('go.mod: indirect modules too, replaced ones as what they were replaced by', () => {
    const text = `module example.com/app
go 1.24
require example.com/one v1.0.0
require (
  github.com/two/lib/v2 v2.1.0 // indirect
  example.com/local v1.0.0
)
replace example.com/one => example.com/fork v1.1.0
replace example.com/local => ./local
`;
    expect(namesOf({ 'go.mod': text })).toEqual([
      'golang:example.com/fork@v1.1.0',
      'golang:github.com/two/lib/v2@v2.1.0',
    ]);
    expect(listPackages({ 'go.mod': text }).isComplete).toBe(true);
    expect(listPackages({ 'go.mod': text.replace('1.24', '1.16') }).isComplete).toBe(false);
  });

  test('Cargo.lock: crates that have a source', () => {
    const text =
      '[[package]]\nname = "app"\nversion = "0.1.0"\n[[package]]\nname = "serde"\nversion = "1.0.1"\nsource = "registry+x"\n';
    expect(namesOf({ 'Cargo.lock': text })).toEqual(['cargo:serde@1.0.1']);
  });

  test('Gemfile.lock: gems with their own versions, not what they need, not their platform', () => {
    const text = `GEM
  remote: x
  specs:
    nokogiri (1.16.0-x86_64-linux-gnu)
      racc (~> 1.4)
    racc (1.7.3)

PLATFORMS
  ruby

DEPENDENCIES
  nokogiri (~> 1.16)
`;
    expect(namesOf({ 'Gemfile.lock': text })).toEqual(['gem:nokogiri@1.16.0', 'gem:racc@1.7.3']);
  });

  test('composer.lock: without packages for development', () => {
    const lock = {
      packages: [{ name: 'monolog/monolog', version: 'v3.5.0' }],
      'packages-dev': [{ name: 'a/b', version: '1' }],
    };
    expect(namesOf({ 'composer.lock': JSON.stringify(lock) })).toEqual(['composer:monolog/monolog@3.5.0']);
  });

  test('gradle.lockfile and pom.xml: what runs, with properties filled in', () => {
    const gradle =
      'org.a:run:1.0=compileClasspath,runtimeClasspath\norg.a:test:2.0=testRuntimeClasspath\nempty=annotationProcessor\n';
    expect(namesOf({ 'gradle.lockfile': gradle })).toEqual(['maven:org.a/run@1.0']);
    const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0"><properties><v>3.1</v></properties><dependencies>
      <dependency><groupId>org.a</groupId><artifactId>one</artifactId><version>\${v}</version></dependency>
      <dependency><groupId>org.a</groupId><artifactId>managed</artifactId></dependency>
      <dependency><groupId>org.a</groupId><artifactId>junit</artifactId><version>4</version><scope>test</scope></dependency>
    </dependencies></project>`;
    expect(namesOf({ 'pom.xml': pom })).toEqual(['maven:org.a/one@3.1']);
    expect(listPackages({ 'pom.xml': pom }).isComplete).toBe(false);
  });

  test('several languages give one list; a broken file leaves it incomplete, and so does none', () => {
    const files = { 'go.mod': 'module x\ngo 1.24\nrequire a.b/c v1.0.0\n', 'package-lock.json': '{ no' };
    expect(listPackages(files)).toEqual({
      packages: [{ type: 'golang', namespace: 'a.b', name: 'c', version: 'v1.0.0' }],
      isComplete: false,
      readFrom: ['package-lock.json', 'go.mod'],
    });
    expect(listPackages({})).toEqual({ packages: [], isComplete: false, readFrom: [] });
  });
});
