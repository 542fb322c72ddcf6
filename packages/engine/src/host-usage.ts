/** The host's memory, bytes. */
export interface HostMemory {
  memory: { totalBytes: number; availableBytes: number };
  swap: { totalBytes: number; freeBytes: number };
}

/** With what the containers of apps use. */
export interface HostUsage extends HostMemory {
  containers: InstanceUsage[];
}

/** With which of them stand still, and what the others do: a fourth of what {@link HostUsage} costs where most are asleep. */
export interface HostActivity extends HostMemory {
  containers: InstanceActivity[];
}

export interface InstanceActivity {
  containerId: string;
  isFrozen: boolean;
  /** CPU time since its start; undefined where it stands still. */
  cpuMs?: number;
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
