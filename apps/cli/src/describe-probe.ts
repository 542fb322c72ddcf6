import { formatTable } from './format-table.js';
import type { Probe, ProbeHop } from './probe.js';

/** The chain of calls, each below the one it was made for, and what became of the mark in each service. */
export function describeProbe(probe: Probe): string[] {
  const rows = probe.hops.flatMap((hop) => describeHop(hop, 0));
  return [
    `answered with ${probe.status ?? 'nothing'} in ${probe.ms} ms${probe.whole ? '' : '; the router has not told of all calls'}`,
    ...(rows.length > 0 ? ['', ...formatTable(rows)] : []),
    ...(probe.services.length > 0 ? ['', ...formatTable(probe.services.map(describeService))] : []),
  ];
}

function describeHop(hop: ProbeHop, depth: number): string[][] {
  const by = hop.answered_by;
  const to = by ? `${by.service}@${by.environment}` : `${hop.host}: nobody`;
  const row = [
    `${'  '.repeat(depth)}${to}${by?.process === 'machine' ? ' (a machine)' : ''}`,
    String(hop.status),
    `${hop.ms} ms`,
    hop.carried ? '' : 'without the mark',
  ];
  return [row, ...hop.calls.flatMap((call) => describeHop(call, depth + 1))];
}

const words = { carried: 'hands the mark on', lost: 'loses the mark', 'no-calls': 'called nobody' };

const describeService = ({ service, environment, verdict, remarked }: Probe['services'][number]): string[] => [
  `${service}@${environment}`,
  `${words[verdict]}${remarked ? ' (the router put it back)' : ''}`,
];
