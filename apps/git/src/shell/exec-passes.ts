import { randomBytes } from 'node:crypto';
import { UserError } from '@berth/domain/errors';
import type { TokenActor } from '@berth/platform/auth/require-credential';
import type { ShellTarget } from './parse-login.js';

/** What one call of `heroku ps:exec` may do: one connection, and on it shells beside one process. */
export interface ExecPass {
  actor: TokenActor;
  target: ShellTarget;
  /** Of the key that the CLI has made for this call, `SHA256:…`. */
  fingerprint: string;
}

/** From the CLI's question to its connection it is one step. */
const livesMs = 60_000;
const passesMax = 1_000;
/** Of one person. */
const personMax = 10;
/** No app's name has an underscore. */
const prefix = 'exec_';

/**
 * Passes that were given out and not used. They are this process's alone: after its restart the CLI is simply called again.
 * @param now ms, of a clock
 */
export class ExecPasses {
  readonly #passes = new Map<string, ExecPass & { endsAt: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  /** The user name to come with; the person's oldest is dropped when they have too many. `rate_limited`: too many people wait already. */
  add(pass: ExecPass): string {
    for (const [user, { endsAt }] of this.#passes) if (endsAt <= this.now()) this.#passes.delete(user);
    const own = [...this.#passes].filter(([, { actor }]) => actor.userId === pass.actor.userId);
    for (const [oldest] of own.slice(0, 1 - personMax)) this.#passes.delete(oldest); // a Map keeps their order
    if (this.#passes.size >= passesMax)
      throw new UserError('rate_limited', 'Too many people are about to open a shell: try again in a minute.');
    const user = `${prefix}${randomBytes(16).toString('hex')}`;
    this.#passes.set(user, { ...pass, endsAt: this.now() + livesMs });
    return user;
  }

  /** What this user name opens to who has the key; undefined for any other key, and when it is too late. */
  find(user: string, fingerprint: string): ExecPass | undefined {
    const found = this.#passes.get(user);
    return found && found.fingerprint === fingerprint && found.endsAt > this.now() ? found : undefined;
  }

  /** It has opened, once. */
  use(user: string): void {
    this.#passes.delete(user);
  }

  /** Whether a user name asks for a pass, and for nothing else. */
  static isUser = (user: string): boolean => user.startsWith(prefix);
}
