import { Args, Command } from '@oclif/core';
import { askApi } from '../ask-api.js';
import { formatTable } from '../format-table.js';

interface Promotion {
  id: string;
  state: string;
  created_at: string;
  source: { app: { name: string }; release: { version: number } };
  target: { app: { name: string }; environment: string; release: { version: number } | null };
  image: { commit: string };
  user: { email: string };
}

export default class Promotions extends Command {
  static override description = 'list who promoted what in a pipeline, the newest first';
  static override examples = ['berth promotions orders'];
  static override enableJsonFlag = true;
  static override args = { pipeline: Args.string({ required: true }) };

  async run(): Promise<Promotion[]> {
    const { args } = await this.parse(Promotions);
    const path = `/pipelines/${encodeURIComponent(args.pipeline)}/promotions`;
    const promotions = await askApi<Promotion[]>('GET', path);
    if (promotions.length === 0) this.log(`Nobody has promoted anything in ${args.pipeline} yet.`);
    for (const line of formatTable(promotions.map(rowOf))) this.log(line);
    return promotions;
  }
}

const rowOf = ({ id, state, created_at: createdAt, source, target, image, user }: Promotion) => [
  createdAt,
  `${source.app.name} v${source.release.version} → ${target.app.name}${target.release ? ` v${target.release.version}` : ''}`,
  image.commit.slice(0, 7),
  state,
  user.email,
  id,
];
