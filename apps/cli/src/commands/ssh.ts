import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Args, Command } from '@oclif/core';
import { askApi } from '../ask-api.js';
import { inheritedEnv } from '../config.js';

export default class Ssh extends Command {
  static override description = 'open a shell beside a process of an app, or run a command there, by your SSH key';
  static override examples = ['berth ssh shop', 'berth ssh shop.worker.2', 'berth ssh shop -- cat /tmp/report'];
  static override strict = false; // what comes after -- is a command
  static override args = { process: Args.string({ required: true, description: 'an app, or <app>.<process>' }) };

  async run(): Promise<void> {
    const { args, argv } = await this.parse(Ssh);
    const [app = '', ...process] = args.process.split('.');
    const { ssh_url: url } = await askApi<{ ssh_url: string }>('GET', `/apps/${encodeURIComponent(app)}`);
    const target = new URL(url);
    target.username = [app, ...process].join('.');
    const command = (argv as string[]).slice(1);
    const options = { stdio: 'inherit', env: inheritedEnv() } as const;
    const child = spawn('ssh', [target.href, ...(command.length > 0 ? ['--', ...command] : [])], options);
    const [code] = (await once(child, 'exit')) as [number | null];
    this.exit(code ?? 1);
  }
}
