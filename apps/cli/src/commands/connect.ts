import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Args, Command, Flags } from '@oclif/core';
import { inheritedEnv } from '../config.js';
import { answerFrom } from '../connect/answerer.js';
import { exportLines, type LocalAddresses, localVars } from '../connect/local-addresses.js';
import { localhost, portOf, startProxy, startRawPort, startServicePort } from '../connect/local-proxy.js';
import { parseDetour } from '../connect/parse-detour.js';
import { readServiceVars, redisHostsIn, sharedRedisWarning, usesData, withLocalData } from '../connect/service-vars.js';
import { type StreamTarget, Tether } from '../connect/tether.js';
import { formatTable } from '../format-table.js';

export default class Connect extends Command {
  static override description = 'reach the services of an environment from this machine, until Ctrl-C';
  static override examples = [
    'berth connect red',
    'berth connect red -- npm start',
    'berth connect red --env > red.env',
    'berth connect red --detour orders=3000',
    'berth connect red --as cart --detour cart=3000 -- npm start',
    'berth connect daily --as orders --env > daily.env',
  ];
  static override strict = false; // what comes after -- is a command
  static override args = { name: Args.string({ required: true, description: 'project or stable environment' }) };
  static override flags = {
    env: Flags.boolean({ description: 'print the addresses as lines for a shell to source' }),
    detour: Flags.string({
      multiple: true,
      description: '<service>=<local port>: this machine answers for the service in the (project) environment',
    }),
    as: Flags.string({
      description:
        'own service whose config vars --env and the command get, too; its PostgreSQL and Redis are reached by local ports',
    }),
    team: Flags.string({
      char: 't',
      description: 'whose stable environment it is, when several of your teams have one',
    }),
    port: Flags.integer({ min: 1, max: 65_535, description: 'port of the HTTP proxy; else a free one' }),
  };

  async run(): Promise<void> {
    const { args, flags, argv } = await this.parse(Connect);
    const command = (argv as string[]).slice(1);
    const detours = (flags.detour ?? []).map(parseDetour);
    const wanted = { environment: args.name, team: flags.team };
    const tether = new Tether(wanted, new Map(detours.map(({ service, port }) => [service, answerFrom(port)])));
    const ended = this.#report(tether);
    const { environment, base, services } = await tether.open();
    const addresses = await listenForAll(tether, { environment, services, port: flags.port });
    const config = flags.as === undefined ? {} : await readLocalConfig(tether, wanted, flags.as);
    const vars = { ...config, ...localVars(addresses) };
    const warning = sharedRedisWarning(config, flags.as ?? '');
    if (warning) this.logToStderr(warning);
    if (flags.env) for (const line of exportLines(vars)) this.log(line);
    else for (const line of describe(addresses, base)) this.logToStderr(line);
    for (const { service, port } of detours)
      this.logToStderr(`calls to ${service} in ${environment} are answered by localhost:${port}`);
    const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => 0);
    const run = command.length > 0 ? runCommand(command, vars) : stopped;
    const code = await Promise.race([run, ended]);
    tether.close();
    this.exit(code);
  }

  /** Says what becomes of the connection; the promise is its end. */
  #report(tether: Tether): Promise<number> {
    let wasDown = false;
    tether.on('down', () => {
      wasDown = true;
      this.logToStderr('Berth cannot be reached: trying again');
    });
    tether.on('up', () => {
      if (wasDown) this.logToStderr('connected again');
      wasDown = false;
    });
    return once(tether, 'end').then(([message]) => {
      this.logToStderr(String(message));
      return 1;
    });
  }
}

/** Config vars of a service, as this machine can use them. */
async function readLocalConfig(
  tether: Tether,
  wanted: { environment: string; team: string | undefined },
  service: string,
): Promise<Record<string, string>> {
  const vars = await readServiceVars(wanted, service);
  const portTo = async (target: StreamTarget) => portOf(await startRawPort(() => tether.openStream(target)));
  const data = usesData(vars) ? await portTo({ to: 'data' }) : undefined;
  const redis = new Map<string, number>();
  for (const host of redisHostsIn(vars)) redis.set(host, await portTo({ to: 'redis', host }));
  return withLocalData(vars, { data, redis });
}

async function listenForAll(
  tether: Tether,
  { environment, services, port }: { environment: string; services: string[]; port: number | undefined },
): Promise<LocalAddresses> {
  const open = () => tether.openStream();
  const proxy = await startProxy(open, port);
  const ports = await Promise.all(
    services.map(async (service) => [service, portOf(await startServicePort(open, service))] as const),
  );
  return { environment, proxyPort: portOf(proxy), services: new Map(ports) };
}

function describe({ environment, proxyPort, services }: LocalAddresses, base: string | null): string[] {
  return [
    `connected to ${environment}${base === null ? '' : `, on ${base}`}; Ctrl-C ends it`,
    ...formatTable([
      ['  HTTP proxy', `http://${localhost}:${proxyPort}`, 'for http://<service>.internal'],
      ...[...services].map(([name, port]) => [`  ${name}`, `http://${localhost}:${port}`, '']),
    ]),
  ];
}

/** Runs a command that knows the addresses; Ctrl-C reaches it too. Resolves with its exit code. */
async function runCommand([file = '', ...args]: string[], vars: Record<string, string>): Promise<number> {
  process.on('SIGINT', () => {}); // the command ends, and we after it
  const child = spawn(file, args, { stdio: 'inherit', env: { ...inheritedEnv(), ...vars } });
  process.on('SIGTERM', () => child.kill('SIGTERM')).on('exit', () => child.kill('SIGTERM'));
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return code ?? (signal ? 1 : 0);
}
