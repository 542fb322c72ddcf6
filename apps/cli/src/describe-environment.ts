import { formatTable } from './format-table.js';
import type { ProjectEnvironment, ProjectService } from './project-environment.js';

/** The lines in which a project environment is shown to people. */
export function describeEnvironment(environment: ProjectEnvironment): string[] {
  const { name, base, status, services, fallbacks, detours, expires_at: expiresAt, warned_at: warnedAt } = environment;
  const others = fallbacks.map(({ service }) => service);
  return [
    `${name} (${status}), on ${base.name}${expiresAt ? `, until ${expiresAt}` : ''}`,
    ...(warnedAt && expiresAt ? [`  it goes soon, with all that it made: berth environments:extend ${name}`] : []),
    ...formatTable(services.map(rowOf)).map((line) => `  ${line}`),
    ...services.flatMap(({ service, message }) => (message ? [`  ${service}: ${message}`] : [])),
    ...detours.map(({ service, by }) => `  the machine of ${by?.email ?? 'somebody'} answers for ${service}`),
    ...(others.length > 0 ? [`  ${base.name} answers for ${others.join(', ')}`] : []),
  ];
}

const rowOf = ({ service, status, branch, commit, web_url: url }: ProjectService) => [
  service,
  status,
  branch ?? '',
  commit?.slice(0, 7) ?? '',
  url ?? '',
];
