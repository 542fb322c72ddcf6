import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const seconds = 60;

/** Bar 7: what the control plane takes when nothing happens: PSS of each container's processes, and CPU over a minute. */
export async function benchIdle({ docker, instance }) {
  const containers = containersOf(docker, instance);
  const before = new Map(containers.map(([id]) => [id, cpuSeconds(docker, id)]));
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const rows = containers.map(([id, service]) => ({
    service,
    isNode: pids(docker, id).some((pid) => commandOf(pid).includes('/dist/main.js') || commandOf(pid).includes('next')),
    pssMiB: pssOfContainer(docker, id),
    cpuPercent: ((cpuSeconds(docker, id) - before.get(id)) / seconds) * 100,
  }));
  const sum = (of, key) => of.reduce((total, each) => total + each[key], 0);
  const ours = rows.filter((each) => each.isNode);
  const parts = rows.filter((each) => !each.isNode);
  const line = (name, of) =>
    `| **${name}** | **${sum(of, 'pssMiB').toFixed(0)}** | **${sum(of, 'cpuPercent').toFixed(1)}** |`;
  const table = [
    '| container | PSS MiB | CPU % of a core |',
    '|---|---|---|',
    ...rows.map((each) => `| ${each.service} | ${each.pssMiB.toFixed(0)} | ${each.cpuPercent.toFixed(1)} |`),
    line('our Node processes', ours),
    line('real parts', parts),
  ].join('\n');
  return { table };
}

/** Of Berth itself: id and name of each. */
export const containersOf = (docker, instance) =>
  execFileSync(docker, [
    ...['ps', '--filter', `label=com.docker.compose.project=${instance}`],
    ...['--format', '{{.ID}} {{.Label "com.docker.compose.service"}}'],
  ])
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(' '));

/** Proportional set size of its processes, MiB. */
export const pssOfContainer = (docker, id) => pids(docker, id).reduce((sum, pid) => sum + pssOf(pid), 0) / 1024;

const pids = (docker, id) =>
  execFileSync(docker, ['top', id, '-eo', 'pid']).toString().trim().split('\n').slice(1).map(Number);

const commandOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
};

const pssOf = (pid) => {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
};

/** User and system time of all processes of a container, s (proc(5), stat fields 14 and 15, 100 ticks a second). */
export function cpuSeconds(docker, id) {
  return pids(docker, id).reduce((sum, pid) => {
    if (!readdirSync('/proc').includes(String(pid))) return sum;
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) / 100;
  }, 0);
}
