/** The host's memory, bytes, and what the containers of apps use. */
export interface HostUsage {
  memory: { totalBytes: number; availableBytes: number };
  swap: { totalBytes: number; freeBytes: number };
  containers: InstanceUsage[];
}

export interface InstanceUsage {
  containerId: string;
  /** CPU time since its start. */
  cpuMs: number;
  /** What the kernel charges it: what it shares with others is charged to whoever touched it first. */
  memoryBytes: number;
  /** Memory that nobody else has: not the page cache, and not what lies in the swap. */
  ownBytes: number;
  isFrozen: boolean;
}
