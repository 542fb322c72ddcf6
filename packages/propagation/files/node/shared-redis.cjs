'use strict';

const { current, runWith } = require('./context.cjs');

// A Redis that a project environment shares with its base. The queues that the project works itself are its own there, below
// another prefix, so that nobody else takes its jobs and it takes nobody's. Which those are lies in that Redis (`berth:workers`):
// who adds a job, in a process of the project or under its mark, looks there first.

const registry = 'berth:workers';
/** Each app of the project that works a queue: with the last of them the queue is the base's again. */
const apps = `${registry}:apps`;

/** Told by Berth, with spaces between: a project environment, its id, the app's id, and the host names of what is shared. */
const [environment, environmentId, appId, ...hosts] = (process.env.BERTH_SHARED_REDIS ?? '').split(' ');

const prefixOf = (options) => options?.prefix ?? 'bull';
const ownPrefix = (prefix, id) => `${prefix}~${id}`;
const isOwn = (prefix) => /~[0-9a-f-]{36}$/.test(prefix);

/** Of a client of whatever package, or of the options of one. */
function hostOf(connection) {
  const { host, socket, url } = connection?.options ?? connection ?? {};
  return url ? new URL(url).hostname : (host ?? socket?.host);
}

/** Does this process belong to a project, and is this connection's Redis its base's too? */
const isShared = (options) => hosts.length > 0 && hosts.includes(hostOf(options?.connection));

/** The project whose queue this code means; undefined: nobody's but the base's, or it was said with the prefix. */
function projectOf(options) {
  const project = isShared(options) ? environment : /(?:^|,)berth-env=([^,]+)/.exec(current() ?? '')?.[1];
  return project === undefined || isOwn(prefixOf(options)) ? undefined : project;
}

/** What a process of a project adds is the project's, also without a request. */
const runAs = (project, body) =>
  /(?:^|,)berth-env=([^,]+)/.exec(current() ?? '')?.[1] === project ? body() : runWith(`berth-env=${project}`, body);

/** The Redis client of a queue, worker or flow producer: BullMQ 5, or 6. */
const clientOf = async (owner) => (await owner.client) ?? (await owner.backend.connection.client);

/** Below which prefix a project works this queue; undefined: it does not. */
async function findPrefix(client, project, prefix, name) {
  const id = await client.hget(registry, `${project}/${prefix}:${name}`);
  const own = id && ownPrefix(prefix, id);
  return own && isOwn(own) ? own : undefined;
}

/** Ids of the project's own jobs begin here: none is a job of the base's too. */
const firstId = 1_000_000_000_000;

/** Says, for good, that this process's project works a queue itself. */
async function register(worker, prefix) {
  const client = await clientOf(worker);
  const counter = `${ownPrefix(prefix, environmentId)}:${worker.name}:id`;
  if (!(await client.get(counter))) await client.incrby(counter, firstId);
  const queue = `${environment}/${prefix}:${worker.name}`;
  await client.hset(apps, { [`${queue}#${appId}`]: environmentId });
  await client.hset(registry, { [queue]: environmentId });
}

module.exports = {
  clientOf,
  findPrefix,
  isOwn,
  isProject: hosts.length > 0,
  isShared,
  /** Of the project that this process belongs to. */
  ownPrefix: (prefix) => ownPrefix(prefix, environmentId),
  prefixOf,
  projectOf,
  register,
  runAs,
};
