import { Command } from '@oclif/core';
import { askApi } from '../../ask-api.js';
import { formatTable } from '../../format-table.js';
import type { ProjectEnvironment } from '../../project-environment.js';

export default class Environments extends Command {
  static override description = 'list your teams’ project environments';
  static override enableJsonFlag = true;

  async run(): Promise<ProjectEnvironment[]> {
    await this.parse(Environments);
    const environments = await askApi<ProjectEnvironment[]>('GET', '/environments');
    if (environments.length === 0) this.log('There is no project environment. Make one: berth environments:create');
    for (const line of formatTable(environments.map(rowOf))) this.log(line);
    return environments;
  }
}

const rowOf = ({ name, base, status, services, expires_at: expiresAt, warned_at: warnedAt }: ProjectEnvironment) => [
  name,
  `on ${base.name}`,
  status,
  services.map(({ service }) => service).join(', '),
  expiresAt ? `${warnedAt ? 'goes soon, ' : ''}until ${expiresAt}` : '',
];
