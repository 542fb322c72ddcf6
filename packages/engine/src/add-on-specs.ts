export interface VolumeMount {
  key: string;
  /** In the container. */
  path: string;
}

/** A disk of an app's own, kept across its releases. */
export interface VolumeSpec {
  /** Names its disk image. */
  key: string;
  sizeBytes: number;
  /** Key of the volume that it is a copy of, whose size it has then. */
  copyOf?: string;
}

/** A Redis server of an add-on, in a container of its own. */
export interface RedisSpec {
  /** Names its container and volume. */
  key: string;
  /** What apps call it, in each of its networks. */
  hostName: string;
  /** The first is always its network, the others are joined when they are there. */
  environmentIds: readonly [string, ...string[]];
  /** Of the data. */
  dataBytes: number;
  /** Of the container. */
  memoryBytes: number;
  connectionsMax: number;
  isPersistent: boolean;
}

/** Who may sign in to a Redis server; the password as SHA-256, hex. */
export interface RedisUser {
  name: string;
  passwordHash: string;
}

/** What an app of a project environment, or all of them, works of a Redis server's queues itself. */
export interface QueueWorkers {
  /** The server's. */
  key: string;
  environmentId: string;
  /** Undefined: all of the environment. */
  appId?: string;
}

export interface RedisStatus {
  key: string;
  isRunning: boolean;
  environmentIds: string[];
  /** In the network of one of them, of a server that runs. */
  address: string | undefined;
}
