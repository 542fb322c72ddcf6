import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DoctorReport, type Hop, reportProbe } from '@berth/domain/doctor-report';
import { readHops } from '@berth/logs/probe-hops';
import { z } from 'zod';
import type { Platform } from '../platform.js';
import type { Probe } from './start-probe.js';

/** A wake and the slowest answer that the router waits for (30 s each) fit in. */
const answerWithinMs = 65_000;
/** How long the router's lines may take after the answer. */
const linesWithinMs = 5_000;
const pollMs = 50;

export interface ProbeResult extends DoctorReport {
  /** Of the whole answer; null: none came. */
  status: number | null;
  ms: number;
  /** The router told of the whole chain; false: what is here may lack calls. */
  isWhole: boolean;
}

/** Of the request line: no spaces, no control characters. */
export const probePath = z
  .string()
  .regex(/^\/[!-~]*$/, 'must begin with / and be encoded as in an address')
  .max(4_000);

/**
 * Sends a marked GET through the router, waits until it has told of the whole chain, and says what became of the mark.
 * @param routerAddress where the router answers for apps, as this process reaches it
 * @param path as {@link probePath} allows it
 */
export async function runProbe(
  platform: Platform,
  { probe, path, routerAddress }: { probe: Probe; path: string; routerAddress: string },
): Promise<ProbeResult> {
  const startedAt = performance.now();
  const status = await ask({ host: routerAddress, port: platform.addresses.appsPort }, probe, path);
  const ms = Math.round(performance.now() - startedAt);
  const { hops, isWhole } = await awaitHops(() => readHops(platform.redis, platform.instance, probe.trace));
  return { status, ms, isWhole, ...reportProbe(hops, probe.environment) };
}

function ask(to: { host: string; port: number }, probe: Probe, path: string): Promise<number | null> {
  return new Promise((resolve) => {
    const headers = { host: probe.host, cookie: probe.cookie, 'user-agent': 'berth-doctor', accept: '*/*' };
    // Of the whole answer: one that trickles for ever is never idle.
    const signal = AbortSignal.timeout(answerWithinMs);
    let status: number | null = null;
    const sent = request({ ...to, path, headers, agent: false, signal }, (answer) => {
      status = answer.statusCode ?? null;
      answer.resume().on('error', () => resolve(status));
      answer.on('end', () => resolve(status));
    });
    sent.on('error', () => resolve(status));
    sent.end();
  });
}

/** The line of the request itself comes last. */
async function awaitHops(read: () => Promise<Hop[]>): Promise<{ hops: Hop[]; isWhole: boolean }> {
  const end = performance.now() + linesWithinMs;
  for (;;) {
    const hops = await read();
    const isWhole = hops.some(({ caller }) => caller === null);
    if (isWhole || performance.now() > end) return { hops, isWhole };
    await sleep(pollMs);
  }
}
