import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStream } from './open-stream';

/** What a browser has: nothing but its state and its events. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  readyState = 0;

  close(): void {
    this.readyState = FakeSource.CLOSED;
  }

  refuse(): void {
    this.close();
    this.dispatchEvent(new Event('error'));
  }
}

let sources: FakeSource[];
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  sources = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const open = () => openStream('/stream', (source) => sources.push(source as unknown as FakeSource));

test('a refused stream is asked for again after pauses that grow to a minute, and begin anew once it was there', () => {
  open();
  for (const pauseMs of [3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000]) {
    const asked = sources.length;
    sources.at(-1)?.refuse();
    vi.advanceTimersByTime(pauseMs - 1);
    expect(sources).toHaveLength(asked);
    vi.advanceTimersByTime(1);
    expect(sources).toHaveLength(asked + 1);
  }
  sources.at(-1)?.dispatchEvent(new Event('open'));
  sources.at(-1)?.refuse();
  vi.advanceTimersByTime(3_000);
  expect(sources).toHaveLength(9);
});

test('a cut is the browser’s affair, and nobody asks any more after the end', () => {
  const close = open();
  sources[0]?.dispatchEvent(new Event('error'));
  vi.advanceTimersByTime(60_000);
  expect(sources).toHaveLength(1);
  sources[0]?.refuse();
  close();
  vi.advanceTimersByTime(60_000);
  expect(sources).toHaveLength(1);
});
