#!/usr/bin/env node
/**
 * Stand-in for Prisma's native `schema-engine` binary, for machines that cannot reach
 * binaries.prisma.sh. Used only when PRISMA_SCHEMA_ENGINE_BINARY (a documented Prisma
 * setting) points at this file; otherwise the Prisma CLI downloads and runs its own binary.
 *
 * The Prisma CLI talks to `schema-engine` in two ways, and this file answers both:
 *   1. JSON-RPC 2.0, one message per line on stdin/stdout (migrate, db push, db pull, ...);
 *   2. `schema-engine --datasource <json> cli can-connect-to-database|create-database`.
 * The work itself is done by `@prisma/schema-engine-wasm`: the same Rust engine, built by
 * Prisma from the same commit for WebAssembly, which reaches Postgres through adapter-pg.
 * Its version must be the one that `npm view @prisma/engines@<prisma's version> dependencies`
 * gives for `@prisma/engines-version`; the file refuses to work with another.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as wasm from '@prisma/schema-engine-wasm/schema_engine_bg';
import {
  connectAdapter,
  connectShadow,
  createDatabase,
  databaseOf,
  pgUrl,
  schemaOf,
  withClient,
} from './prisma-postgres.mjs';

const { values: args, positionals } = parseArgs({
  allowPositionals: true,
  strict: false, // ignore flags that only concern other databases or preview features
  options: {
    datamodels: { type: 'string', short: 'd', multiple: true },
    datasource: { type: 'string' },
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
    version: { type: 'boolean', short: 'V' },
  },
});
const { url: mainUrl, shadowDatabaseUrl } = JSON.parse(args.datasource ?? '{}');

// ------------------------------------------------------------------ engine

let panicMessage = '';
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => (panicMessage = message) };

/** The commit of the engine that the installed `prisma` package was released with. */
function expectedVersion() {
  let require = createRequire(import.meta.url);
  for (const parent of ['prisma', '@prisma/engines']) {
    require = createRequire(require.resolve(`${parent}/package.json`));
  }
  return require('@prisma/engines-version').enginesVersion;
}

function loadWasm() {
  const file = new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), {
    './schema_engine_bg.js': wasm,
  });
  wasm.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  if (wasm.version() !== expectedVersion()) {
    throw new Error(`@prisma/schema-engine-wasm is built from ${wasm.version()}, prisma expects ${expectedVersion()}.`);
  }
}

const open = new Set();
const track = (adapter) => {
  open.add(adapter);
  const dispose = adapter.dispose.bind(adapter);
  adapter.dispose = () => (open.delete(adapter) ? dispose() : Promise.resolve());
  return adapter;
};
const closeAll = () => Promise.allSettled([...open].map((adapter) => adapter.dispose()));

let needsMainDatabase = true;
const adapters = bindMigrationAwareSqlAdapterFactory({
  provider: 'postgres',
  adapterName: '@prisma/adapter-pg',
  connect: async () => {
    if (!mainUrl) throw new Error('datasource.url is not set in prisma.config.ts');
    // The engine connects even to compare two schema files; any database will do for that.
    const url = needsMainDatabase ? pgUrl(mainUrl) : pgUrl(mainUrl, 'postgres');
    return track(await connectAdapter(url, schemaOf(mainUrl)));
  },
  connectToShadowDb: async () => track(await connectShadow(mainUrl, shadowDatabaseUrl)),
});

async function startEngine() {
  loadWasm();
  const datamodels = args.datamodels?.map((path) => [path, readFileSync(path, 'utf8')]);
  return wasm.SchemaEngine.new({ datamodels }, (line) => process.stderr.write(`${line}\n`), adapters);
}

// ------------------------------------------------------------------ errors

/** Postgres and socket errors under the codes the Prisma CLI acts on. */
function connectionError(error) {
  const { hostname, port, username } = new URL(mainUrl);
  const server = `${hostname}:${port || 5432}`;
  const known = {
    '3D000': ['P1003', `Database \`${databaseOf(mainUrl)}\` does not exist`],
    '28P01': [
      'P1000',
      `Authentication failed against database server, the provided database credentials for \`${username}\` are not valid.`,
    ],
    28000: ['P1010', `User \`${username}\` was denied access on the database \`${databaseOf(mainUrl)}\``],
    42501: ['P1010', `User \`${username}\`: ${error.message}`],
    '42P04': ['P1009', `Database \`${databaseOf(mainUrl)}\` already exists on the database server at \`${server}\``],
  }[error.code];
  if (known) return { error_code: known[0], message: known[1] };
  if (/^E[A-Z]+$/.test(error.code ?? '') || /timeout|terminated/i.test(error.message)) {
    return {
      error_code: 'P1001',
      message: `Can't reach database server at \`${server}\`\n\nPlease make sure your database server is running at \`${server}\`.`,
    };
  }
  return { message: error.message };
}

/** The `data` member of a JSON-RPC error, as the native engine fills it. */
function errorData(error) {
  if (error?.name === 'RuntimeError') {
    return { is_panic: true, message: panicMessage || error.message, backtrace: error.stack ?? null };
  }
  if (error?.code && /^P\d{4}$/.test(error.code)) {
    return { is_panic: false, message: error.message, meta: error.meta ?? {}, error_code: error.code };
  }
  // The engine names an error thrown by this file's own code `External error id#<n>`.
  const own = /External error id#(\d+)/.exec(error.message);
  const cause = own && adapters.errorRegistry.consumeError(Number(own[1]))?.error;
  const { error_code, message } = connectionError(cause ?? error);
  const text = own ? error.message.replace(own[0], message) : message;
  return error_code
    ? { is_panic: false, message: text, meta: {}, error_code }
    : { is_panic: false, message: text, backtrace: null };
}

// --------------------------------------------------------------- front ends

function serveJsonRpc() {
  let engine;
  let nextPrintId = 1;
  const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

  async function call(method, params) {
    if (method === 'createDatabase') return createDatabase(params.datasource.url ?? mainUrl);
    const isOffline = ({ tag }) => ['empty', 'schemaDatamodel', 'migrations'].includes(tag);
    needsMainDatabase = !(method === 'diff' && isOffline(params.from) && isOffline(params.to));
    engine ??= await startEngine();
    if (method === 'getDatabaseVersion') return engine.version(params);
    if (method === 'introspectSql') throw new Error('TypedSQL (`generate --sql`) needs the native schema engine.');
    if (method === 'diff') {
      const { stdout, ...result } = await engine.diff(params);
      if (stdout) send({ id: nextPrintId++, method: 'print', params: { content: stdout.replace(/\n$/, '') } });
      return { ...result, stdout: null };
    }
    if (typeof engine[method] !== 'function') throw new Error(`Unknown method: ${method}`);
    return engine[method](params);
  }

  const fail = (id, error) =>
    send({
      id,
      error: { code: 4466, message: 'An error happened. Check the data field for details.', data: errorData(error) },
    });
  let current;
  async function handle(line) {
    const { id, method, params } = JSON.parse(line);
    if (!method) return; // the CLI's answer to one of our `print` requests
    current = id;
    try {
      send({ id, result: (await call(method, params)) ?? null });
    } catch (error) {
      fail(id, error);
    }
  }
  // A panic inside an asynchronous engine call surfaces here and leaves that call pending for good.
  process.on('uncaughtException', (error) => {
    fail(current, error);
    process.exit(101);
  });

  // The WASM engine does one thing at a time, so requests are answered in order.
  let queue = Promise.resolve();
  const finish = () => queue.then(closeAll).then(() => process.exit(0));
  createInterface({ input: process.stdin })
    .on('line', (line) => (queue = queue.then(() => handle(line))))
    .on('close', finish);
  const finishSoon = () => {
    setTimeout(() => process.exit(1), 4000); // do not outlive the CLI for long if a query hangs
    finish();
  };
  process.on('SIGTERM', finishSoon).on('SIGINT', finishSoon);
}

async function runCommand(command) {
  const log = (level, fields) =>
    process.stderr.write(
      `${JSON.stringify({ timestamp: new Date().toISOString(), level, fields, target: 'schema_engine::logger' })}\n`,
    );
  log('INFO', { message: 'Starting schema engine CLI' });
  try {
    if (command === 'can-connect-to-database') await withClient(pgUrl(mainUrl), (c) => c.query('SELECT 1'));
    else if (command === 'create-database') await createDatabase(mainUrl);
    else throw new Error(`Unknown command: ${command}`);
  } catch (error) {
    log('ERROR', { is_panic: false, ...connectionError(error) });
    process.exitCode = 1;
  }
}

if (args.version) {
  loadWasm();
  console.log(`schema-engine-cli ${wasm.version()}`);
} else if (positionals[0] === 'cli') {
  await runCommand(positionals[1]);
} else {
  serveJsonRpc();
}
