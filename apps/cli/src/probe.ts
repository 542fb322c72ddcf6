/** What the doctor found, as the API tells it (apps/api/src/wire/probe.ts). */
export interface Probe {
  environment: string;
  status: number | null;
  ms: number;
  whole: boolean;
  hops: ProbeHop[];
  services: { service: string; environment: string; verdict: 'carried' | 'lost' | 'no-calls'; remarked: boolean }[];
}

export interface ProbeHop {
  host: string;
  ms: number;
  status: number;
  carried: boolean;
  answered_by: { environment: string; service: string | null; process?: string | null } | null;
  calls: ProbeHop[];
}
