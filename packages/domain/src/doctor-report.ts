/** An app's instance, as the router knows who calls and who answers. */
export interface HopEnd {
  environment: string;
  /** The name that others call; undefined for a caller without web processes, whose address the router does not know. */
  service?: string | undefined;
  instanceId?: string | undefined;
  /** `web.1`; `machine`: a detour's, of which nothing else is known. */
  process?: string | undefined;
}

/** One request that went through the router while a probe was on its way. */
export interface Hop {
  /** X-Request-Id. */
  id: string;
  /** When the router accepted it, ms since the epoch, and how long it took, ms. */
  at: number;
  ms: number;
  /** null: from outside. */
  caller: HopEnd | null;
  /** The name or host that was asked for. */
  host: string;
  /** null: no instance was reached, `status` and `reason` say why. */
  answeredBy: HopEnd | null;
  /** Project environment that it was marked with when it came to the router. */
  mark: string;
  /** Whether it carried the probe's id. */
  isTraced: boolean;
  status: number;
  /** Why the router answered itself, or ''. */
  reason: string;
}

export interface HopTree extends Hop {
  calls: HopTree[];
}

/**
 * - `carried`: every call that it made while it answered the probe had the mark
 * - `lost`: a call had not. Of a service with other work at the same time it may have been that work's.
 * - `no-calls`: it called nobody
 */
export type Verdict = 'carried' | 'lost' | 'no-calls';

export interface ServiceReport {
  service: string;
  environment: string;
  verdict: Verdict;
  /** Calls that it made while it answered the probe, with and without the mark. */
  carried: number;
  lost: number;
  /** Its marks were lost but put back: it runs in the project's own network, by which the router knows it. */
  isRemarked: boolean;
}

export interface DoctorReport {
  /** Calls in their order, each below the request that it was made for; more than one when a caller is not known. */
  hops: HopTree[];
  /** In the order in which the probe came to them. */
  services: ServiceReport[];
}

/**
 * Draws how a probe went: which hop led to which (the caller's address tells its instance, the time which of its requests), and who
 * carried the mark on. `hops` in the order in which they ended; `environment` = the project environment that was probed.
 */
export function reportProbe(hops: readonly Hop[], environment: string): DoctorReport {
  const trees = withoutDoubles(hops).map((hop): HopTree => ({ ...hop, calls: [] }));
  const parents = new Map<HopTree, HopTree>();
  for (const [index, hop] of trees.entries()) {
    const parent = parentOf(hop, trees.slice(index + 1), trees.slice(0, index), parents);
    if (parent) parents.set(hop, parent);
  }
  const roots: HopTree[] = [];
  for (const hop of [...trees].sort((a, b) => a.at - b.at)) (parents.get(hop)?.calls ?? roots).push(hop);
  return { hops: roots, services: reportServices(inOrder(roots), environment) };
}

/** A lost call is told with each request that it may belong to. */
function withoutDoubles(hops: readonly Hop[]): Hop[] {
  return [...new Map(hops.map((hop) => [`${hop.id} ${hop.at} ${hop.host}`, hop])).values()];
}

/** A call ends before the request that it was made for, as a rule; `later` and `earlier` = what ended after and before it. */
function parentOf(
  hop: HopTree,
  later: readonly HopTree[],
  earlier: readonly HopTree[],
  parents: ReadonlyMap<HopTree, HopTree>,
): HopTree | undefined {
  const isBelow = (other: HopTree | undefined): boolean =>
    other !== undefined && (other === hop || isBelow(parents.get(other)));
  return (
    later.find((other) => isWithin(hop, other)) ?? earlier.findLast((other) => isWithin(hop, other) && !isBelow(other))
  );
}

/** HAProxy adds up times of whole ms: a call may seem to begin before the request that it was made for. */
export const clockMs = 3;

/** Whether `hop` was made by the instance that answered `other`, while it did. */
function isWithin(hop: Hop, other: Hop): boolean {
  const caller = hop.caller?.instanceId;
  if (caller === undefined || caller !== other.answeredBy?.instanceId) return false;
  return hop.at >= other.at - clockMs && hop.at <= other.at + other.ms + clockMs;
}

const inOrder = (trees: readonly HopTree[]): HopTree[] => trees.flatMap((tree) => [tree, ...inOrder(tree.calls)]);

function reportServices(hops: readonly HopTree[], environment: string): ServiceReport[] {
  const reports = new Map<string, ServiceReport>();
  for (const { answeredBy, isTraced, calls } of hops) {
    if (!isTraced || answeredBy?.service === undefined || answeredBy.instanceId === undefined) continue;
    const key = `${answeredBy.environment}/${answeredBy.service}`;
    const { carried = 0, lost = 0 } = reports.get(key) ?? {};
    const now = {
      carried: carried + calls.filter((call) => call.isTraced).length,
      lost: lost + calls.filter((call) => !call.isTraced).length,
    };
    reports.set(key, {
      service: answeredBy.service,
      environment: answeredBy.environment,
      verdict: now.lost > 0 ? 'lost' : now.carried > 0 ? 'carried' : 'no-calls',
      ...now,
      isRemarked: now.lost > 0 && answeredBy.environment === environment,
    });
  }
  return [...reports.values()];
}
