import { describe, expect, it } from 'vitest';
import { parseBerthYaml } from './berth-yaml.js';

const empty = { processes: {}, agents: [], cron: [], caches: [], files: [], needs: [], environments: {} };

const everything = `
runtime: node@22
root: ./services/api/
stack: berth-13
buildpacks: [./tools/buildpack/, https://example.com/pack.tgz]
build:
  command: npm run compile
caches: [.next/cache/, ./tmp]
files:
  bin/run.sh: { mode: "0755" }
  uploads/: { owner: root, mode: "750" }
processes:
  web: node server.js
  worker: { command: node worker.js, size: standard-2x, quantity: 2 }
  clock:
    singleton: true
release: node migrate.js
agents:
  proxy: ./proxy --listen 5432
  metrics: { command: ./metrics, processes: [web] }
cron:
  - { schedule: "0 3 * * *", command: node nightly.js }
  - schedule: "@hourly"
    command: node hourly.js
    size: standard-2x
healthcheck:
  path: /up
  timeout: 20
  strict: true
needs: [orders, users]
environments:
  production:
    processes: { web: { quantity: 3, size: standard-2x }, worker: node worker.js --all }
    healthcheck: { timeout: 90 }
  project:
    release: null
    agents: { proxy: null, metrics: { processes: [worker] }, seed: ./seed }
    cron: []
`;

describe('parseBerthYaml', () => {
  it('reads everything it knows', () => {
    expect(parseBerthYaml(everything)).toEqual({
      runtime: { name: 'node', version: '22' },
      root: 'services/api',
      stack: 'berth-13',
      buildpacks: ['./tools/buildpack/', 'https://example.com/pack.tgz'],
      buildCommand: 'npm run compile',
      caches: ['.next/cache', 'tmp'],
      files: [
        { path: 'bin/run.sh', owner: 'app', mode: 0o755 },
        { path: 'uploads/', owner: 'root', mode: 0o750 },
      ],
      processes: {
        web: { command: 'node server.js', singleton: false },
        worker: { command: 'node worker.js', singleton: false, size: 'standard-2x', quantity: 2 },
        clock: { singleton: true },
        release: { command: 'node migrate.js', singleton: false },
      },
      agents: [
        { name: 'proxy', command: './proxy --listen 5432' },
        { name: 'metrics', command: './metrics', processes: ['web'] },
      ],
      cron: [
        { schedule: '0 3 * * *', command: 'node nightly.js' },
        { schedule: '@hourly', command: 'node hourly.js', size: 'standard-2x' },
      ],
      healthcheck: { path: '/up', timeoutMs: 20_000, strict: true },
      needs: ['orders', 'users'],
      environments: {
        production: {
          processes: { web: { quantity: 3, size: 'standard-2x' }, worker: { command: 'node worker.js --all' } },
          healthcheck: { timeoutMs: 90_000 },
        },
        project: {
          release: null,
          agents: { proxy: null, metrics: { processes: ['worker'] }, seed: { command: './seed' } },
          cron: [],
        },
      },
    });
  });

  it('takes an empty file for one that says nothing', () => {
    for (const text of ['', '\n# nothing yet\n', '---\n', '{}']) expect(parseBerthYaml(text)).toEqual(empty);
  });

  it('fills a healthcheck up with the defaults', () => {
    const { healthcheck } = parseBerthYaml('healthcheck: {path: /x}');
    expect(healthcheck).toEqual({ path: '/x', timeoutMs: 60_000, strict: false });
  });

  it.each([
    ['build: dockerfile', { path: 'Dockerfile', args: {} }],
    ['stack: container', { path: 'Dockerfile', args: {} }],
    [
      'build: { dockerfile: docker/Dockerfile.web, target: run }',
      { path: 'docker/Dockerfile.web', args: {}, target: 'run' },
    ],
    [
      'build: { dockerfile: Dockerfile, args: { VERSION: 1.5, DEBUG: true, TOKEN: , NAME: "a=b" } }',
      { path: 'Dockerfile', args: { VERSION: '1.5', DEBUG: 'true', TOKEN: null, NAME: 'a=b' } },
    ],
    [
      'build: { dockerfile: Dockerfile, args: [TOKEN, "NAME=a=b"] }',
      { path: 'Dockerfile', args: { TOKEN: null, NAME: 'a=b' } },
    ],
  ])('reads a build by Dockerfile: %s', (text, expected) => {
    expect(parseBerthYaml(text)).toEqual({ ...empty, dockerfile: expected });
  });
});

describe('a mistake in berth.yaml is one sentence with the line', () => {
  const known =
    'runtime, root, stack, buildpacks, build, caches, files, propagation, processes, release, agents, cron, healthcheck, needs, environments';
  it.each([
    // Keys that are not there.
    ['healtcheck:\n  path: /', 'berth.yaml line 1: there is no key "healtcheck". Did you mean "healthcheck"?'],
    ['healthcheck:\n  pth: /', 'berth.yaml line 2: there is no key "healthcheck.pth". Did you mean "path"?'],
    ['zzzzzzzz: 1', `berth.yaml line 1: there is no key "zzzzzzzz". Known here: ${known}.`],
    ['a: 1\nruntime: 7', `berth.yaml line 1: there is no key "a". Known here: ${known}.`],
    [
      'processes:\n  web:\n    singelton: true',
      'line 3: there is no key "processes.web.singelton". Did you mean "singleton"?',
    ],
    [
      'cron:\n  - schedule: "@daily"\n    cmmand: x',
      'line 3: there is no key "cron.1.cmmand". Did you mean "command"?',
    ],
    [
      'agents:\n  a: { command: x, process: [web] }',
      'line 2: there is no key "agents.a.process". Did you mean "processes"?',
    ],
    ['files:\n  bin/x: { modes: "0755" }', 'line 2: there is no key "files.bin/x.modes". Did you mean "mode"?'],
    ['files:\n  "2024": { modes: "0755" }', 'line 2: there is no key "files.2024.modes". Did you mean "mode"?'],
    ['build:\n  dockerfil: x', 'line 2: there is no key "build.dockerfil". Did you mean "dockerfile"?'],
    ['stack: berth-13\nstack: berth-12', 'berth.yaml line 2: Map keys must be unique.'],
    // Keys of a later Berth.
    ['runtime: node\n\naddons:\n  - postgres', 'berth.yaml line 3: "addons" is not supported yet.'],
    ['processes:\n  web:\n    resources: 1', 'berth.yaml line 3: "processes.web.resources" is not supported yet.'],
    ['healthcheck: { interval: 3 }', 'berth.yaml line 1: "healthcheck.interval" is not supported yet.'],
    ['cron:\n  - { schedule: "@daily", command: x, timezone: CET }', '"cron.1.timezone" is not supported yet.'],
    ['runtime: go\nstack: berth-12', 'berth.yaml line 2: the stack berth-12 is not supported yet.'],
    // Values.
    [
      'runtime: pyton@3.13',
      'line 1: runtime is a language with a version, for example node@24; languages: node, python, go, java, ruby, php, rust, static. Did you mean "python"?',
    ],
    ['runtime: 22', 'line 1: runtime is a language with a version'],
    ['stack: bert-13', 'line 1: stack is one of berth-13, container. Did you mean "berth-13"?'],
    [
      'propagation: false',
      'berth.yaml line 1: propagation is opentelemetry (for Java), or left out; the config var BERTH',
    ],
    [
      'propagation: opentelemetri',
      'left out; the config var BERTH_PROPAGATE=0 switches propagation off. Did you mean "opentelemetry"?',
    ],
    ['root: ../other', 'berth.yaml line 1: root must not lead outside of the repository.'],
    ['healthcheck:\n  timeout: soon', 'berth.yaml line 2: healthcheck.timeout is a number of seconds from 1 to 600.'],
    ['healthcheck:\n  timeout: 601', 'berth.yaml line 2: healthcheck.timeout is a number of seconds from 1 to 600.'],
    ['healthcheck:\n  path: up', 'berth.yaml line 2: healthcheck.path starts with /.'],
    ['healthcheck: /up', 'line 1: healthcheck is a map with path, timeout (seconds) and strict.'],
    ['processes: node server.js', 'line 1: processes is a map: process type → command.'],
    ['processes:\n  - web', 'line 1: processes is a map: process type → command.'],
    [
      'processes:\n  web: 5',
      'line 2: processes.web is a command, or a map with command, singleton, size and quantity.',
    ],
    ['processes:\n  web: ""', 'line 2: processes.web is empty.'],
    [
      'processes:\n  1web: x',
      'line 2: processes.1web is not a process type: 1 to 30 letters, digits, - and _, a letter first.',
    ],
    [
      'processes:\n  web:\n    command: x\n    quantity: many',
      'line 4: processes.web.quantity is a whole number from 0 to 100.',
    ],
    [
      'processes:\n  web:\n    command: x\n    size: standrd-1x',
      'line 4: processes.web.size is a size: standard-1x, standard-2x, performance-m. Did you mean "standard-1x"?',
    ],
    ['processes:\n  web: { command: x, singleton: yes }', 'line 2: processes.web.singleton is true or false.'],
    ['release: [a, b]', 'line 1: release is a command: a text.'],
    [
      'release: a\nprocesses: { release: b }',
      'line 1: the release command is there twice: as release and as processes.release.',
    ],
    ['agents: [a]', 'line 1: agents is a map: name → command.'],
    ['agents:\n  a: { processes: [web] }', 'line 2: agents.a.command is missing.'],
    ['cron: "@daily"', 'line 1: cron is a list of maps with schedule and command.'],
    ['cron:\n  - schedule: "@daily"', 'line 2: cron.1.command is missing.'],
    ['cron:\n  - { schedule: "61 * * * *", command: x }', 'line 2: cron.1.schedule is a schedule in UTC: five fields'],
    ['cron:\n  - { schedule: "0 0 0 * * *", command: x }', 'line 2: cron.1.schedule is a schedule in UTC: five fields'],
    ['cron:\n  - { schedule: "0 0 31 2 *", command: x }', 'line 2: cron.1.schedule is a schedule in UTC: five fields'],
    [
      'files:\n  /etc/passwd: { mode: "0644" }',
      'line 2: files./etc/passwd is a path inside the app, without a slash at its start.',
    ],
    ['files:\n  a: { mode: 0755 }', 'line 2: files.a.mode is octal digits in quotes, for example "0755".'],
    ['files:\n  a: { mode: "4755" }', 'line 2: files.a.mode is octal digits in quotes, for example "0755".'],
    ['files:\n  a: { owner: www-data }', 'line 2: files.a.owner is app (who runs may change it) or root (nobody may).'],
    ['caches: .next', 'line 1: caches is a list of directories.'],
    ['caches:\n  - x\n  - ../x', 'line 3: caches.2 is a path inside the app, without a slash at its start.'],
    ['caches: [./]', 'line 1: caches.1 is a path inside the app'],
    [
      'buildpacks: [/opt/pack]',
      'line 1: buildpacks.1 is a URL (https://…, of a git repository or a .tgz), a folder of the app (./buildpack), or a name',
    ],
    ['build: docker', 'line 1: build is "dockerfile", or a map with command, dockerfile, args and target.'],
    ['build:\n  command: [a]', 'line 2: build.command is a command: a text.'],
    [
      'build: { args: { A: 1 } }',
      'line 1: build.args and build.target belong to build.dockerfile, which is not there.',
    ],
    [
      'build: { dockerfile: Dockerfile, args: { 1A: 1 } }',
      'line 1: build.args.1A is not a name: letters, digits and _.',
    ],
    ['build: { dockerfile: Dockerfile, args: { A: [1] } }', 'line 1: build.args.A is a text, a number, true or false.'],
    [
      'build: { dockerfile: Dockerfile, command: make }',
      'line 1: build.command has no place in a build by Dockerfile; put it there as RUN.',
    ],
    ['stack: container\nbuildpacks: [./x]', 'line 2: buildpacks and a build by Dockerfile exclude each other.'],
    // What differs by environment.
    [
      'environments:\n  qa:\n    build: { command: make }',
      'berth.yaml line 3: "environments.qa.build" cannot differ: the same image runs in every environment. Put build at the top; here may be: processes, release, agents, cron, healthcheck.',
    ],
    ['environments:\n  qa: { runtime: node@22 }', 'line 2: "environments.qa.runtime" cannot differ'],
    [
      'environments:\n  qa: { healtcheck: {} }',
      'there is no key "environments.qa.healtcheck". Did you mean "healthcheck"?',
    ],
    [
      'environments:\n  qa: { processes: { web: { resources: 1 } } }',
      '"environments.qa.processes.web.resources" is not supported yet.',
    ],
    [
      'environments:\n  QA: {}',
      'line 2: environments.QA is not an environment: 2 to 30 lowercase letters, digits and dashes.',
    ],
    ['environments: [qa]', 'line 1: environments is a map: environment → what differs.'],
    [
      'environments:\n  qa:\n    agents: { proxy: { processes: [web] } }',
      'line 3: the agent "proxy" has no command here nor at the top.',
    ],
    [
      'environments:\n  qa:\n    healthcheck: { timeout: 0 }',
      'line 3: environments.qa.healthcheck.timeout is a number of seconds',
    ],
    ['needs: orders', 'line 1: needs is a list of services.'],
    ['needs: [Orders]', 'line 1: needs.1 is not a service: 2 to 30 lowercase letters, digits and dashes.'],
    // The file as a whole.
    ['- a', 'berth.yaml line 1: it must be a map of keys.'],
    ['just text', 'berth.yaml line 1: it must be a map of keys.'],
    [`root: ${'x'.repeat(70_000)}`, 'berth.yaml is larger than 64 KiB.'],
  ])('%j', (text, message) => {
    expect(() => parseBerthYaml(text)).toThrow(message);
  });

  it('names the line of a syntax error', () => {
    expect(() => parseBerthYaml('runtime: node\nbuild: [')).toThrow(/^berth.yaml line \d: /);
  });

  it('does not grow by aliases of aliases', () => {
    const bomb = [
      'a: &a [x, x]',
      ...'bcdefghijk'
        .split('')
        .map((name, at) => `${name}: &${name} [*${'abcdefghij'[at]}, *${'abcdefghij'[at]}, *${'abcdefghij'[at]}]`),
    ];
    expect(() => parseBerthYaml(bomb.join('\n'))).toThrow(/^berth.yaml line 1: /);
  });

  it('names the file that it was told', () => {
    expect(() => parseBerthYaml('x: 1', 'app.yaml')).toThrow('app.yaml line 1: there is no key "x".');
  });
});
