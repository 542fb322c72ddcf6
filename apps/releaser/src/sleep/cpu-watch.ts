import type { InstanceActivity } from '@berth/engine/host-usage';

/** Looks that are nearer to each other say little, ms. */
const shortestMs = 2_000;

interface Seen {
  cpuMs: number;
  /** Times are ms since 1970. */
  at: number;
  busyAt: number;
}

/** When each container last used more CPU time than an idle one does. */
export class CpuWatch {
  readonly #share: number;
  #seen = new Map<string, Seen>();

  /** @param share of a core, from which on a container is busy */
  constructor(share: number) {
    this.#share = share;
  }

  note(containers: readonly InstanceActivity[], now: number): void {
    this.#seen = new Map(
      containers.flatMap(({ containerId, cpuMs }): [string, Seen][] => {
        const last = this.#seen.get(containerId);
        if (cpuMs === undefined) return last ? [[containerId, { ...last, at: now }]] : []; // it stands still
        if (!last) return [[containerId, { cpuMs, at: now, busyAt: 0 }]];
        if (now - last.at < shortestMs) return [[containerId, last]];
        const isBusy = (cpuMs - last.cpuMs) / (now - last.at) > this.#share;
        return [[containerId, { cpuMs, at: now, busyAt: isBusy ? now : last.busyAt }]];
      }),
    );
  }

  /** ms since 1970; 0: none of them since it is watched. */
  busyAt(containerIds: readonly string[]): number {
    return Math.max(0, ...containerIds.map((id) => this.#seen.get(id)?.busyAt ?? 0));
  }
}
