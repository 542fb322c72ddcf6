import { botMark } from '@berth/router/render-wake';
import type { RequestLine } from '@berth/router/request-line';
import { isSlot } from '@berth/router/slots';
import type { AppIndex } from './app-index.js';

/** When each app that may fall asleep had its last request, bots' ones apart. */
export class RequestTimes {
  readonly #apps: AppIndex;
  #times = new Map<string, number>();

  constructor(apps: AppIndex) {
    this.#apps = apps;
  }

  /** A request that was answered by the app itself. */
  note(appId: string, { reason, backend, t, total }: RequestLine): void {
    if (reason === botMark || !isSlot(backend) || !this.#apps.mayFallAsleep(appId)) return;
    this.#times.set(appId, Math.max(this.#times.get(appId) ?? 0, t + Math.max(0, total)));
  }

  /** Those since the last call. */
  take(): { appId: string; at: Date }[] {
    const times = this.#times;
    this.#times = new Map();
    return [...times].map(([appId, at]) => ({ appId, at: new Date(at) }));
  }
}
