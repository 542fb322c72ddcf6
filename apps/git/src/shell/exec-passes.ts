import { randomBytes } from 'node:crypto';
import { UserError } from '@berth/domain/errors';
import type { TokenActor } from '@berth/platform/auth/require-credential';
import type { ShellTarget } from './parse-login.js';

/** What one call of `heroku ps:exec`, `ps:copy`, `ps:forward` or `ps:socks` may do: what a shell beside one process may. */
export interface ExecPass {
  actor: TokenActor;
  target: ShellTarget;
  /** Of the key that the CLI has made for this call, `SHA256:…`. */
  fingerprint: string;
}

/** From the CLI's question to its first connection it is one step, ms. */
const livesMs = 60_000;
/** `ps:forward` makes a connection of its own for each of the local port's, by the same name, for as long as it runs. */
const keptMs = 3_600_000;
const passesMax = 2_000;
/** Of one person. */
const personMax = 10;
/** No app's name has an underscore. */
const prefix = 'exec_';

/**
 * Passes that were given out and are good yet. They are this process's alone: after its restart the CLI is simply called again.
 * @param now ms, of a clock
 */
export class ExecPasses {
  readonly #passes = new Map<string, ExecPass & { endsAt: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  /** The user name to come with; the person's least used is dropped when they have too many. `rate_limited`: too many people have one. */
  add(pass: ExecPass): string {
    for (const [user, { endsAt }] of this.#passes) if (endsAt <= this.now()) this.#passes.delete(user);
    const own = [...this.#passes].filter(([, { actor }]) => actor.userId === pass.actor.userId);
    for (const [oldest] of own.slice(0, 1 - personMax)) this.#passes.delete(oldest); // a Map keeps their order
    if (this.#passes.size >= passesMax)
      throw new UserError('rate_limited', 'Too many people have a shell, or are about to: try again in a minute.');
    const user = `${prefix}${randomBytes(16).toString('hex')}`;
    this.#passes.set(user, { ...pass, endsAt: this.now() + livesMs });
    return user;
  }

  /** What this user name opens to who has the key; undefined for any other key, and when it is too late. */
  find(user: string, fingerprint: string): ExecPass | undefined {
    const found = this.#passes.get(user);
    return found && found.fingerprint === fingerprint && found.endsAt > this.now() ? found : undefined;
  }

  /** Who has the key came: it is good for an hour from now. */
  use(user: string): void {
    const found = this.#passes.get(user);
    if (!found) return;
    this.#passes.delete(user); // it is the newest of its person
    this.#passes.set(user, { ...found, endsAt: this.now() + keptMs });
  }

  /** Whether a user name asks for a pass, and for nothing else. */
  static isUser = (user: string): boolean => user.startsWith(prefix);
}
