import { describe, expect, test } from 'vitest';
import { lineFilter } from './send-log.js';

const lines = ['app web.1', 'app web.1/metrics', 'app web.10', 'app worker.1', 'berth router', 'berth api'].map(
  (text) => {
    const [source, process] = text.split(' ') as ['app' | 'berth', string];
    return { at: 0, source, process, text };
  },
);
const matching = (wanted: { source?: string; dyno?: string }) =>
  lines.filter(lineFilter(wanted)).map(({ process }) => process);

describe('a log request', () => {
  test.each([
    ['of everything', {}, ['web.1', 'web.1/metrics', 'web.10', 'worker.1', 'router', 'api']],
    ['by source', { source: 'app' }, ['web.1', 'web.1/metrics', 'web.10', 'worker.1']],
    ["by Heroku's word for the platform", { source: 'heroku' }, ['router', 'api']],
    ['by process type', { dyno: 'web' }, ['web.1', 'web.1/metrics', 'web.10']],
    ['by dyno', { dyno: 'web.1' }, ['web.1', 'web.1/metrics']],
    ['by agent', { dyno: 'web.1/metrics' }, ['web.1/metrics']],
    ['by both', { source: 'berth', dyno: 'router' }, ['router']],
  ])('%s', (_name, wanted, processes) => {
    expect(matching(wanted)).toEqual(processes);
  });
});
