import { describe, expect, it } from 'vitest';
import { addReleaseProcesses } from './read-releases.js';

const worker = { name: 'worker', command: 'bin/work', singleton: false };

describe('process types of bin/release', () => {
  it("are added to the app's own, which win, and a later buildpack wins over an earlier one", () => {
    const releases = [
      'default_process_types: { web: one, worker: not-this, clock: tick }',
      '',
      'default_process_types: { web: two }',
    ];
    expect(addReleaseProcesses([worker], releases)).toEqual([
      worker,
      { name: 'web', command: 'two', singleton: false },
      { name: 'clock', command: 'tick', singleton: true },
    ]);
  });

  it.each([
    ['a name that is no process type', 'default_process_types: { "../web": x }'],
    ['an empty command', 'default_process_types: { web: "" }'],
    ['no YAML', 'default_process_types: {'],
  ])('are refused with %s', (_what, text) => {
    expect(() => addReleaseProcesses([worker], [text])).toThrow("A buildpack's bin/release did not print YAML");
  });

  it('are needed when the app has none', () => {
    expect(() => addReleaseProcesses([], [''])).toThrow('Nothing says how to start this app');
  });
});
