import { Args, Command } from '@oclif/core';
import { askApi } from '../../ask-api.js';

interface Link {
  url: string;
  clear_url: string | null;
  expires_at: string | null;
  open_url: string;
}

export default class EnvironmentLink extends Command {
  static override description = 'print an address that shows a service in the browser as a project environment sees it';
  static override examples = ['berth environments:link red web /cart'];
  static override enableJsonFlag = true;
  static override args = {
    name: Args.string({ required: true }),
    service: Args.string({ required: true }),
    path: Args.string({ default: '/' }),
  };

  async run(): Promise<Link> {
    const { args } = await this.parse(EnvironmentLink);
    const query = new URLSearchParams({ service: args.service, path: args.path });
    const link = await askApi<Link>('GET', `/environments/${encodeURIComponent(args.name)}/link?${query}`);
    this.log(link.url);
    if (link.clear_url) this.log(`until ${link.expires_at}, or until you open ${link.clear_url}`);
    this.log(`for who is signed in to the dashboard, at any time: ${link.open_url}`);
    return link;
  }
}
