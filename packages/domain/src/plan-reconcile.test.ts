import { describe, expect, it } from 'vitest';
import {
  instanceName,
  type KnownInstance,
  planReconcile,
  type ReconcileAction,
  type ReconcileInput,
  type SeenInstance,
  type WantedApp,
} from './plan-reconcile.js';

type Server = NonNullable<KnownInstance['server']>;
const row = (
  name: string,
  state: KnownInstance['state'] = 'up',
  server: Server | null = name.includes('web') ? { wanted: 'ready', seen: 'healthy' } : null,
): KnownInstance => {
  const [rolloutId = '', processType = '', index = ''] = name.split(/[/.]/);
  const key = { appId: 'a', rolloutId, processType, index: Number(index) };
  return { ...key, instanceId: name, state, server, containerId: `c:${name}`, address: '100.64.16.2' };
};
const container = (name: string, state: SeenInstance['state'] = 'running', exitCode: number | null = null) => {
  const { state: _, server: __, instanceId: ___, ...key } = row(name);
  return {
    ...key,
    containerId: `c:${name}`,
    state,
    exitCode,
    isOutOfMemory: false,
    memoryBytes: 512,
    isHeld: false,
  } satisfies SeenInstance;
};
const app = (quantities: Record<string, number>, rest: Partial<WantedApp> = {}): WantedApp => ({
  appId: 'a',
  rolloutId: 'r2',
  isRollingOut: false,
  isDebug: false,
  groups: Object.entries(quantities).map(([processType, quantity]) => ({
    processType,
    quantity,
    isRouted: processType === 'web',
    isSingleton: processType === 'clock',
    memoryBytes: 512,
  })),
  ...rest,
});
const plan = (input: Partial<ReconcileInput>) =>
  planReconcile({
    wanted: [],
    liveRollouts: new Set(['r1', 'r2']),
    known: [],
    seen: [],
    mayStart: () => true,
    isBusy: () => false,
    ...input,
  }).map((action: ReconcileAction) => `${action.do} ${instanceName(action)}`);

describe('planReconcile', () => {
  it('has nothing to do when everything wanted runs', () => {
    const wanted = [app({ web: 1, worker: 1 })];
    const known = [row('r2/web.1'), row('r2/worker.1')];
    expect(plan({ wanted, known, seen: [container('r2/web.1'), container('r2/worker.1')] })).toEqual([]);
  });

  it('starts what is missing, after the pause that a crash asks for', () => {
    const wanted = [app({ web: 2, worker: 1 })];
    expect(plan({ wanted })).toEqual(['start r2/web.1', 'start r2/web.2', 'start r2/worker.1']);
    expect(plan({ wanted, mayStart: ({ index }) => index === 2 })).toEqual(['start r2/web.2']);
    expect(plan({ wanted, isBusy: ({ processType }) => processType === 'web' })).toEqual(['start r2/worker.1']);
  });

  it('records a crash first, then starts the container again', () => {
    const wanted = [app({ web: 1 })];
    const seen = [container('r2/web.1', 'exited', 1)];
    expect(plan({ wanted, seen, known: [row('r2/web.1')] })).toEqual(['note-crash r2/web.1']);
    expect(plan({ wanted, seen, known: [row('r2/web.1', 'crashed')] })).toEqual(['restart r2/web.1']);
    expect(plan({ wanted, seen, known: [row('r2/web.1', 'crashed')], mayStart: () => false })).toEqual([]);
  });

  it('holds what ended in a debug deploy, and starts it as what it is once debug is off', () => {
    const wanted = [app({ web: 1 }, { isDebug: true })];
    const held = (state: SeenInstance['state']) => [{ ...container('r2/web.1', state, 1), isHeld: true }];
    const crashed = [row('r2/web.1', 'crashed')];
    expect(plan({ wanted, seen: held('exited'), known: [row('r2/web.1')] })).toEqual(['note-crash r2/web.1']);
    expect(plan({ wanted, seen: held('exited'), known: crashed })).toEqual(['hold r2/web.1']);
    expect(plan({ wanted, seen: held('exited'), known: crashed, mayStart: () => false })).toEqual([]);
    expect(plan({ wanted, seen: held('running'), known: crashed })).toEqual([]);
    const off = [app({ web: 1 })];
    expect(plan({ wanted: off, seen: held('running'), known: [row('r2/web.1')] })).toEqual([]);
    expect(plan({ wanted: off, seen: held('running'), known: crashed })).toEqual(['stop r2/web.1']);
    expect(plan({ wanted: off, seen: held('exited'), known: crashed })).toEqual(['stop r2/web.1']);
  });

  it('tells the router of an address that changed', () => {
    const wanted = [app({ web: 1 })];
    const seen = [{ ...container('r2/web.1'), address: '100.64.16.9' }];
    expect(plan({ wanted, seen, known: [row('r2/web.1')] })).toEqual(['adopt r2/web.1']);
  });

  it('lets requests in after the first passing check, and calls other processes up when they run', () => {
    const wanted = [app({ web: 1, worker: 1 })];
    const seen = [container('r2/web.1'), container('r2/worker.1')];
    const rows = (server: Server) => [row('r2/web.1', 'starting', server), row('r2/worker.1', 'starting')];
    expect(plan({ wanted, seen, known: rows({ wanted: 'probe', seen: 'checking' }) })).toEqual(['note-up r2/worker.1']);
    expect(plan({ wanted, seen, known: rows({ wanted: 'probe', seen: 'healthy' }) })).toEqual([
      'make-ready r2/web.1',
      'note-up r2/worker.1',
    ]);
  });

  it('stops what is too many, and keeps it while a wanted one is still on its way', () => {
    const seen = [container('r2/web.1'), container('r2/web.2')];
    expect(plan({ wanted: [app({ web: 1 })], seen, known: [row('r2/web.1'), row('r2/web.2')] })).toEqual([
      'stop r2/web.2',
    ]);
    const starting = row('r2/web.1', 'starting', { wanted: 'probe', seen: 'checking' });
    expect(plan({ wanted: [app({ web: 1 })], seen, known: [starting, row('r2/web.2')] })).toEqual([]);
    expect(plan({ wanted: [app({ web: 0 })], seen, known: [row('r2/web.1'), row('r2/web.2')] })).toEqual([
      'stop r2/web.1',
      'stop r2/web.2',
    ]);
  });

  it('replaces what runs in another size than is wanted', () => {
    const seen = [container('r2/web.1'), { ...container('r2/worker.1'), memoryBytes: 256 }];
    const wanted = [app({ web: 1, worker: 1 })];
    expect(plan({ wanted, seen, known: [row('r2/web.1'), row('r2/worker.1')] })).toEqual(['replace r2/worker.1']);
    expect(plan({ wanted, seen, known: [row('r2/web.1'), row('r2/worker.1', 'stopping')] })).toEqual([
      'stop r2/worker.1',
    ]);
  });

  it('removes containers of nobody and ends rows without a container, but leaves those of a rollout at work', () => {
    const seen = [container('r0/web.1'), container('r1/web.1')];
    expect(plan({ seen, known: [row('r0/web.1'), row('r0/web.2'), row('r1/web.1'), row('r1/web.2')] })).toEqual([
      'remove-leftover r0/web.1',
      'mark-down r0/web.2',
    ]);
  });
});

describe('a restart', () => {
  const wanted = [app({ web: 1 })];
  const old = row('r2/web.1', 'stopping');
  it('of the only web instance starts another one before it stops the old one', () => {
    expect(plan({ wanted, known: [old], seen: [container('r2/web.1')] })).toEqual(['start r2/web.2']);
    const both = [container('r2/web.1'), container('r2/web.2')];
    const probed = row('r2/web.2', 'starting', { wanted: 'probe', seen: 'checking' });
    expect(plan({ wanted, known: [old, probed], seen: both })).toEqual([]);
    expect(plan({ wanted, known: [old, row('r2/web.2')], seen: both })).toEqual(['stop r2/web.1']);
  });

  it('keeps the stand-in until the successor serves, then stops it', () => {
    const draining = row('r2/web.1', 'stopping', { wanted: 'drain', seen: 'healthy' });
    const both = [container('r2/web.1'), container('r2/web.2')];
    const isBusy: ReconcileInput['isBusy'] = ({ index }) => index === 1;
    expect(plan({ wanted, known: [draining, row('r2/web.2')], seen: both, isBusy })).toEqual([]);
    expect(plan({ wanted, known: [row('r2/web.2')], seen: both.slice(1) })).toEqual(['start r2/web.1']);
    expect(plan({ wanted, known: [row('r2/web.1'), row('r2/web.2')], seen: both })).toEqual(['stop r2/web.2']);
  });

  it('of two web instances changes one after the other', () => {
    const two = [app({ web: 2 })];
    const known = [old, row('r2/web.2', 'stopping'), row('r2/web.3')];
    const seen = [container('r2/web.1'), container('r2/web.2'), container('r2/web.3')];
    expect(plan({ wanted: two, known, seen })).toEqual(['stop r2/web.1']);
    const draining = row('r2/web.1', 'stopping', { wanted: 'drain', seen: 'healthy' });
    const isBusy: ReconcileInput['isBusy'] = ({ index }) => index === 1;
    expect(plan({ wanted: two, known: [draining, ...known.slice(1)], seen, isBusy })).toEqual([]);
  });

  it('of an instance that does not serve, or of a worker, needs no stand-in', () => {
    const sick = row('r2/web.1', 'stopping', { wanted: 'ready', seen: 'failing' });
    expect(plan({ wanted, known: [sick], seen: [container('r2/web.1')] })).toEqual(['stop r2/web.1']);
    const worker = [row('r2/worker.1', 'stopping')];
    expect(plan({ wanted: [app({ worker: 1 })], known: worker, seen: [container('r2/worker.1')] })).toEqual([
      'stop r2/worker.1',
    ]);
  });
});

describe('a singleton', () => {
  it('is left alone while a rollout is under way', () => {
    expect(plan({ wanted: [app({ web: 1, clock: 1 }, { isRollingOut: true })] })).toEqual(['start r2/web.1']);
  });

  it('that did not stay up is not tried again while the old one goes on, which is kept up', () => {
    const wanted = [app({ clock: 1 })];
    const known = [row('r1/clock.1'), row('r2/clock.1', 'crashed')];
    expect(plan({ wanted, known, seen: [container('r1/clock.1')] })).toEqual([]);
    expect(plan({ wanted, known, seen: [container('r1/clock.1', 'exited', 0)] })).toEqual(['note-crash r1/clock.1']);
  });
});
