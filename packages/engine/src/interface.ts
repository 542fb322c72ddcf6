import type { Duplex, Readable } from 'node:stream';
import type { OtherContainer } from '@berth/domain/meter-usage';
import type { QueueWorkers, RedisSpec, RedisStatus, RedisUser, VolumeMount, VolumeSpec } from './add-on-specs.js';
import type { AppQuestion } from './app-question.js';
import type { CollectorEnd, HostDisk } from './host-disk.js';
import type { HostActivity, HostUsage } from './host-usage.js';

/**
 * The verbs of apps/host, in three parts: the socket that is mounted into a process is the right it has.
 * The engine knows networks and groups (app × process type × rollout); what a release or a build is, it does not know.
 * Two implementations: plain Docker (dockerode) here, Docker Swarm later. The clients speak to either over a unix socket.
 */

/** An image by digest in our registry: `app/<repository id>` + `sha256:…`. */
export interface ImageRef {
  repository: string;
  digest: string;
  /** Where it is pulled from; `dev` when absent. */
  registry?: 'dev' | 'production';
}

export type NetworkKind = 'stable' | 'project';

/** A network of one environment. */
export interface EnvironmentNetwork {
  environmentId: string;
  /** CIDR. */
  subnet: string;
}

/** What instances of one process type of one rollout look like. Env values are secrets: never logged. */
export interface GroupSpec {
  appId: string;
  appName: string;
  environmentId: string;
  rolloutId: string;
  releaseVersion: number;
  processType: string;
  image: ImageRef;
  /** A shell line of the customer, run by `sh -c` in the container. */
  command: string;
  /** In place of `command`: run as it is, for images that may have no shell. */
  argv?: readonly [string, ...string[]] | undefined;
  /** Volumes of the app, which its instances on this host share. */
  volumes?: readonly VolumeMount[] | undefined;
  /** Side programs in the same container, in the order of their start. The image needs a shell. */
  agents?: readonly AgentSpec[] | undefined;
  /** Language of the image, for what it is told of its limits (domain/container-limits). */
  runtime?: string | undefined;
  env: Record<string, string>;
  memoryBytes: number;
  cpuShares: number;
  pidsMax: number;
  /** For debugging: started again after its end, an instance only waits, with its files (/tmp too) as they were. The image needs a shell. */
  isHeld?: boolean | undefined;
  /** First port to listen on; given to the app as PORT. Undefined for a process that is not routed to. */
  port?: number;
}

/** A side program of an instance; its lines come marked (domain/agent-line). */
export interface AgentSpec {
  name: string;
  /** A shell line. */
  command: string;
}

export interface GroupKey {
  rolloutId: string;
  processType: string;
}

/** One container as the engine sees it now. */
export interface InstanceStatus extends GroupKey {
  appId: string;
  environmentId: string;
  releaseVersion: number;
  /** 1 for web.1 */
  index: number;
  containerId: string;
  state: 'created' | 'running' | 'frozen' | 'exited';
  address: string | null;
  exitCode: number | null;
  isOutOfMemory: boolean;
  /** What it was given when it was made. */
  memoryBytes: number;
  /** Of {@link GroupSpec.isHeld}. */
  isHeld: boolean;
}

/** A one-off command in an app's image: the release phase. */
export interface OneOffSpec extends Omit<GroupSpec, 'rolloutId' | 'port' | 'agents' | 'isHeld'> {
  /** Labels the container, so that a second try finds and removes the first one's. */
  key: string;
  timeoutMs: number;
}

export interface OneOffResult {
  exitCode: number;
  isOutOfMemory: boolean;
  /** It was killed because `timeoutMs` was over. */
  isTimedOut: boolean;
}

/** A command beside what runs in a container of an app (an instance or a one-off), for somebody who waits for it. */
export interface TerminalSpec {
  /** Of an instance or a one-off. */
  containerId?: string | undefined;
  /** In place of it: the key that a one-off was started with. */
  oneOffKey?: string | undefined;
  /** A shell line of the customer, run as a group's is; undefined: a shell (bash where there is one). */
  command?: string | undefined;
  /** With a terminal: stdout and stderr are one, keys are raw. */
  tty: boolean;
  /** On top of the container's own, e.g. TERM. */
  env: Record<string, string>;
  /** Size of the terminal; 0 is unknown. */
  columns: number;
  lines: number;
}

/** Both ways hold back who is too fast. Destroying `stream` ends the command and all processes of its session. */
export interface Terminal {
  /** stdin and stdout; ends when the command has. */
  stream: Duplex;
  /** Empty with a terminal. */
  stderr: Readable;
  resize: (columns: number, lines: number) => Promise<void>;
  /** The command's exit code; rejects when either side went away before. */
  exit: Promise<number>;
}

/** What listens inside an instance: tells "listens on 127.0.0.1 only" and "ignores PORT" (from /proc/<pid>/net/tcp). */
export interface ListeningSocket {
  address: string;
  port: number;
}

/** The releaser's verbs. */
export interface ReleaseEngine {
  ensureNetwork: (network: { environmentId: string; kind: NetworkKind }) => Promise<EnvironmentNetwork>;
  removeNetwork: (environmentId: string) => Promise<void>;
  /** Idempotent; only missing blobs travel. */
  pullImage: (image: ImageRef) => Promise<void>;
  /** Creates and starts instance `index` of a group; if it exists already it is started and returned. */
  startInstance: (group: GroupSpec, index: number) => Promise<InstanceStatus>;
  /** Starts an exited instance again (crash with backoff). */
  restartInstance: (key: GroupKey & { index: number }) => Promise<InstanceStatus>;
  /** Stops the processes of these containers where they are, all or none; TransientError when one does not stand still. */
  freezeInstances: (containerIds: readonly string[]) => Promise<void>;
  /** Lets them go on at once; tells which are stopped or gone. Thawing what runs is fine. */
  thawInstances: (containerIds: readonly string[]) => Promise<{ gone: string[] }>;
  /** Moves the memory of frozen containers to the host's swap. False: it has none. */
  pushOutInstances: (containerIds: readonly string[]) => Promise<boolean>;
  /** SIGTERM, `graceMs`, SIGKILL; the container stays, with what it wrote. Stopping what is gone is fine. */
  stopInstance: (key: GroupKey & { index: number }, graceMs: number) => Promise<void>;
  /** Of all containers of apps, or of these. */
  readUsage: (containerIds?: readonly string[]) => Promise<HostUsage>;
  readActivity: () => Promise<HostActivity>;
  listOthers: () => Promise<OtherContainer[]>;
  /** SIGTERM, `graceMs`, SIGKILL, remove. Removing what is gone is fine. */
  removeInstance: (key: GroupKey & { index: number }, graceMs: number) => Promise<void>;
  /** All instances of this Berth, or of one app. */
  listInstances: (filter?: { appId?: string; rolloutId?: string }) => Promise<InstanceStatus[]>;
  /** The last lines an instance printed. */
  lastLines: (key: GroupKey & { index: number }, count: number) => Promise<string[]>;
  /** Whether a process in one of these says that it works; spawns a process in each: for decisions. */
  saysBusy: (containerIds: readonly string[]) => Promise<boolean>;
  listeningSockets: (key: GroupKey & { index: number }) => Promise<ListeningSocket[]>;
  /** Output comes as it is printed; a promise from `onOutput` holds the process back. Aborting removes the container. */
  runOneOff: (
    spec: OneOffSpec,
    onOutput: (text: string) => unknown,
    signal: AbortSignal,
    /** Its container runs: for who wants to open a terminal in it. */
    onStarted?: (containerId: string) => void,
  ) => Promise<OneOffResult>;
  /** Kills and removes what was run with this key; removing what is gone is fine. */
  removeOneOff: (key: string) => Promise<void>;
  /**
   * Runs a command as the app's own user. UserError when the image has no shell or the container does not run. Ends, with
   * its processes, when the caller or the host process goes away, however suddenly.
   */
  openTerminal: (spec: TerminalSpec) => Promise<Terminal>;
  /** Makes and starts a Redis server that is not there, and joins its networks; resolves when it answers. */
  ensureRedis: (spec: RedisSpec) => Promise<void>;
  /** Of a server that runs: exactly these from now on, who is none of them is cut off. They last as the data do. */
  setRedisUsers: (key: string, users: readonly RedisUser[]) => Promise<void>;
  /** Fills one server that runs with all that another holds at this moment, while that one goes on. */
  copyRedis: (copy: { from: string; to: string }) => Promise<void>;
  /** Apps of an environment work no queue of a server that runs any more; with its last, what its own queues hold is deleted. */
  forgetWorkers: (workers: QueueWorkers) => Promise<void>;
  /** Takes a server out of these environments' networks. */
  disconnectRedis: (key: string, environmentIds: readonly string[]) => Promise<void>;
  /** Ends a server and removes its data; one that is gone is fine. */
  removeRedis: (key: string) => Promise<void>;
  listRedis: () => Promise<RedisStatus[]>;
  /** Makes a volume that is not there, as large, bytes, as it says; containers that have the one it copies stand still. */
  ensureVolume: (spec: VolumeSpec, signal?: AbortSignal) => Promise<number>;
  /** Makes a volume larger; one of this size already is fine. False: a container that runs has it. */
  growVolume: (wish: { key: string; sizeBytes: number }) => Promise<boolean>;
  /** Ends a volume with all in it; one that is gone is fine. False: a container has it. */
  removeVolume: (key: string) => Promise<boolean>;
  /** Takes a second or so. `cacheKeys`: those that the caller knows; disks carry only what is derived from them. */
  measureDisk: (known: { cacheKeys: readonly string[] }) => Promise<HostDisk>;
  /** The status of the answer; undefined: none came in time. */
  askApp: (question: AppQuestion) => Promise<number | undefined>;
  /** Of the file system that has the disk images. */
  freeSpace: () => Promise<{ totalBytes: number; freeBytes: number }>;
  /** Forgets an image of our registry that no container is made of; false when one is. */
  removeImage: (image: ImageRef) => Promise<boolean>;
  /** Removes the cache disk of this name unless a build has it; false then. */
  removeCache: (name: string) => Promise<boolean>;
  /** Frees blobs that no manifest refers to. Nobody may push meanwhile. Throws when nobody knows whether it still runs. */
  collectRegistry: () => Promise<CollectorEnd>;
  /** One message per container event (start, die, oom) until aborted. Reconnects; a lost event is found by the reconcile loop. */
  watch: (onEvent: (event: { appId: string }) => void, signal: AbortSignal) => Promise<void>;
}

/** Limits of one build jail (facts: jail). */
export interface JailLimits {
  memoryBytes: number;
  cpuShares: number;
  pidsMax: number;
  /** Size of the workspace disk; the cache disk has one of its own. */
  diskBytes: number;
  cacheBytes: number;
}

/** What a jail is made of before a build is known: jails of one shape can be prepared. */
export interface JailShape {
  /** Name of the cache disk that outlives the build (one build at a time may have it), or undefined for none. */
  cacheKey?: string;
  image: ImageRef;
  limits: JailLimits;
  /** `dockerfile`: with the rights that rootless buildkitd needs. Undefined: with none at all. */
  kind?: 'dockerfile';
}

export interface JailSpec extends JailShape {
  buildId: string;
  appId: string;
}

export interface OpenedJail {
  jailId: string;
  /** No build has ever run on its cache disk: nothing that was left there can change what commands do. */
  isCacheNew: boolean;
}

export interface JailCommand {
  argv: readonly [string, ...string[]];
  env: Record<string, string>;
  cwd: string;
}

export interface JailResult {
  exitCode: number;
  /** A process in the jail was killed for memory; with `exitCode` ≠ 0 it is why. */
  isOutOfMemory: boolean;
  peakMemoryBytes: number | null;
  isDiskFull: boolean;
  /** It was killed because it went on forking against its limit of processes. */
  isForkBomb: boolean;
}

/** The builder's verbs. In the jail: /workspace (source, uid 10001), /cache, /tmp. */
export interface BuildEngine {
  /** Makes or takes a prepared jail; removes what an earlier try of the same build left. */
  openJail: (spec: JailSpec) => Promise<OpenedJail>;
  /** Makes a jail of this shape wait in the background, so that the next openJail takes no time. */
  prepareJail: (shape: JailShape) => Promise<void>;
  /**
   * Unpacks a tar below a directory of the jail (made when missing), as the jail's user. `first` is a short command of ours
   * before it: in a process of its own it would cost as much again.
   */
  putArchive: (jailId: string, directory: string, tar: Readable, first?: readonly string[]) => Promise<void>;
  /**
   * Output comes as it is printed, stdout and stderr mixed; a promise from `onOutput` holds the process back.
   * The caller's `signal` kills the jail's whole process tree, after which the jail can only be closed.
   */
  exec: (
    jailId: string,
    command: JailCommand,
    onOutput: (chunk: Buffer) => unknown,
    signal: AbortSignal,
  ) => Promise<JailResult>;
  /**
   * A tar of a directory of the jail, names relative to it (`./a/b`): hostile input, normalise it. A cut one ends in an error,
   * as one whose `first` (a short command of ours) fails.
   */
  getArchive: (jailId: string, directory: string, first?: readonly string[]) => Promise<Readable>;
  /** Kills what runs and removes container, network and workspace disk. Removing what is gone is fine. */
  closeJail: (jailId: string) => Promise<void>;
  /** Jails that exist, for the sweep at a builder's start. */
  listJails: () => Promise<{ jailId: string; buildId: string }[]>;
  /** Lets the daemon fetch layers while the build still runs. */
  pullImage: (image: ImageRef) => Promise<void>;
}
