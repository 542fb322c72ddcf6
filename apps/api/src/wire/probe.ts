import type { HopEnd, HopTree } from '@berth/domain/doctor-report';
import type { ProbeResult } from '@berth/platform/projects/run-probe';

/** Ours: what the doctor found. */
export const toWireProbe = (
  { environment, service, path }: { environment: string; service: string; path: string },
  { status, ms, isWhole, hops, services }: ProbeResult,
) => ({
  environment,
  service,
  path,
  status,
  ms,
  whole: isWhole,
  hops: hops.map(toWireHop),
  services: services.map(({ isRemarked, ...report }) => ({ ...report, remarked: isRemarked })),
});

export interface WireHop {
  request_id: string;
  at: string;
  ms: number;
  host: string;
  caller: ReturnType<typeof toWireEnd>;
  answered_by: ReturnType<typeof toWireEnd>;
  /** The project environment that it was marked with; null: none that counts. */
  mark: string | null;
  /** false: this call was made without the mark. */
  carried: boolean;
  status: number;
  calls: WireHop[];
}

const toWireHop = (hop: HopTree): WireHop => ({
  request_id: hop.id,
  at: new Date(hop.at).toISOString(),
  ms: hop.ms,
  host: hop.host,
  caller: toWireEnd(hop.caller),
  answered_by: toWireEnd(hop.answeredBy),
  mark: hop.mark || null,
  carried: hop.isTraced,
  status: hop.status,
  calls: hop.calls.map(toWireHop),
});

const toWireEnd = (end: HopEnd | null) =>
  end && { environment: end.environment, service: end.service ?? null, process: end.process ?? null };
