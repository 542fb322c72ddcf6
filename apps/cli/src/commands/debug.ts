import { Args, Command, Flags } from '@oclif/core';
import { askApi } from '../ask-api.js';

interface Answer {
  debug_until?: string | null;
  ssh_url: string;
}

export default class Debug extends Command {
  static override description =
    'switch debug deploys of an app on or off, or start a debug instance of one of its releases beside what is live';
  static override examples = ['berth debug -a shop', 'berth debug -a shop --off', 'berth debug v12 -a shop'];
  static override enableJsonFlag = true;
  static override args = { release: Args.string({ description: 'a release, also one that failed: v12' }) };
  static override flags = {
    app: Flags.string({ char: 'a', required: true }),
    minutes: Flags.integer({ min: 1, description: 'how long it lasts (240)' }),
    off: Flags.boolean({ exclusive: ['minutes'] }),
  };

  async run(): Promise<Answer> {
    const { args, flags } = await this.parse(Debug);
    const path = `/apps/${encodeURIComponent(flags.app)}`;
    const { minutes } = flags;
    if (args.release !== undefined) {
      if (flags.off) this.error('A debug instance is ended by heroku ps:stop.');
      const debugPath = `${path}/releases/${encodeURIComponent(args.release)}/debug`;
      const instance = await askApi<Answer & { name: string }>('POST', debugPath, { minutes });
      this.log(`${instance.name} is starting, off the router: ${sshCommand(instance)}`);
      return instance;
    }
    const app = await askApi<Answer>('PATCH', path, { debug: !flags.off, debug_minutes: minutes });
    if (flags.off) this.log('Debug is off: what runs is started anew with its health gate.');
    else this.log(`Debug is on until ${app.debug_until}: no health gate, and what ends is held: ${sshCommand(app)}`);
    return app;
  }
}

function sshCommand({ ssh_url }: Answer): string {
  const { username, hostname, port } = new URL(ssh_url);
  return `ssh -p ${port || 22} ${username}@${hostname}`;
}
