import { clockMs, type Hop } from '@berth/domain/doctor-report';
import type { RequestLine } from '@berth/router/request-line';
import type { AppIndex } from './app-index.js';

/** Unmarked internal requests that are remembered: what a service called while it answered a probe ends before that does. */
const rememberedMax = 4_000;
/** Lines of probes that are looked at between two takes: an app may make up as many as it likes. */
const tracedMax = 200;

/**
 * Picks the hops of doctor's probes out of the router's lines: those that carry the probe's id, and those without it that the same
 * instance made while it answered one that did.
 */
export class HopTracer {
  readonly #apps: AppIndex;
  readonly #recent: RequestLine[] = [];
  #next = 0;
  #found: { trace: string; hops: Hop[] }[] = [];

  constructor(apps: AppIndex) {
    this.#apps = apps;
  }

  note(line: RequestLine): void {
    if (line.trace !== '') {
      if (this.#found.length >= tracedMax) return;
      this.#found.push({ trace: line.trace, hops: [...this.#lostIn(line), this.#hopOf(line)] });
    } else if (line.frontend === 'internal') {
      this.#recent[this.#next] = line;
      this.#next = (this.#next + 1) % rememberedMax;
    }
  }

  /** What was found since the last take: probe's id → hops, in the order in which they ended. */
  take(): Map<string, Hop[]> {
    const taken = new Map<string, Hop[]>();
    for (const { trace, hops } of this.#found) taken.set(trace, [...(taken.get(trace) ?? []), ...hops]);
    this.#found = [];
    return taken;
  }

  #lostIn(line: RequestLine): Hop[] {
    const address = this.#apps.addressOf(line.server);
    if (!address) return [];
    const ended = line.t + Math.max(0, line.total);
    return this.#recent
      .filter(({ from, t }) => from === address && t >= line.t - clockMs && t <= ended)
      .map((call) => this.#hopOf(call));
  }

  #hopOf(line: RequestLine): Hop {
    return {
      id: line.i,
      at: line.t,
      ms: Math.max(0, line.total),
      caller: line.frontend === 'internal' ? this.#apps.callerAt(line.from) : null,
      host: line.host,
      answeredBy: line.backend === 'detour' ? this.#apps.detourEnd(line) : (this.#apps.endOf(line.server) ?? null),
      mark: line.mark,
      isTraced: line.trace !== '',
      status: line.status,
      reason: line.reason,
    };
  }
}
