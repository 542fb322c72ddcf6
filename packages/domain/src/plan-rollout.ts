import { alwaysSingleton, type Healthcheck, type ProcessStart, processStart, releaseProcess } from './process-type.js';

/** The one process type that is routed to. */
const webProcess = 'web';
/** A process without web must stay up this long before the switch, ms. */
export const stayUpMs = 5_000;

/** What is wanted of one process type of an image. */
export interface WantedProcess extends ProcessStart {
  processType: string;
  quantity: number;
  size: string;
  singleton: boolean;
}

/** A process type as it is to run: what to start, how often, how it may be changed. */
export interface PlannedGroup extends ProcessStart {
  processType: string;
  quantity: number;
  size: string;
  /** Requests go to it: it needs a backend, a server per instance, and to be healthy. */
  isRouted: boolean;
  /** Only one may run at a time. */
  isSingleton: boolean;
}

/** What a rollout does, in its order: `beside` runs next to the old release, then the switch, then `afterSwitch`. */
export interface RolloutPlan {
  /** How the routed group is checked; null when nothing is routed to (no web process, or none wanted). */
  health: Healthcheck | null;
  beside: PlannedGroup[];
  afterSwitch: PlannedGroup[];
  /** ms that the processes of `beside` that are not routed must stay up; 0 when there are none. */
  stayUpMs: number;
}

/** The formation with the rules of how each process type is run. */
export function planGroups(formation: readonly WantedProcess[]): PlannedGroup[] {
  return formation
    .filter(({ processType }) => processType !== releaseProcess)
    .map(({ processType, quantity, size, singleton, ...start }) => {
      const isRouted = processType === webProcess;
      // A routed process proves itself beside the old one, so it cannot be a singleton.
      const isSingleton = !isRouted && (singleton || processType === alwaysSingleton);
      const count = isSingleton ? Math.min(1, quantity) : quantity;
      return { processType, ...processStart(start), quantity: count, size, isRouted, isSingleton };
    });
}

/** Decides a rollout: start → healthy → switch → singletons (DESIGN section 3, rollout). */
export function planRollout(options: { formation: readonly WantedProcess[]; healthcheck: Healthcheck }): RolloutPlan {
  const groups = planGroups(options.formation).filter(({ quantity }) => quantity > 0);
  const beside = groups.filter(({ isSingleton }) => !isSingleton);
  return {
    health: beside.some(({ isRouted }) => isRouted) ? options.healthcheck : null,
    beside,
    afterSwitch: groups.filter(({ isSingleton }) => isSingleton),
    stayUpMs: beside.some(({ isRouted }) => !isRouted) ? stayUpMs : 0,
  };
}
