import { describe, expect, test } from 'vitest';
import { commandLine } from './command-line.js';
import { mapContents, type RouterMaps } from './maps.js';
import { planChanges, type RouterState } from './plan-changes.js';
import type { RouteTable, WantedBackend, WantedRoute, WantedServer } from './route-table.js';
import type { ServerState } from './server-state.js';

const route = (changes: Partial<WantedRoute> = {}): WantedRoute => ({
  appId: 'app1',
  environmentId: 'env1',
  hosts: ['shop.localhost'],
  service: 'shop',
  maintenance: false,
  version: 2,
  appliedVersion: 1,
  rolloutId: 'old',
  ...changes,
});
const server = (
  instanceId: string,
  wanted: WantedServer['wanted'],
  changes: Partial<WantedServer> = {},
): WantedServer => ({
  instanceId,
  name: 'web.1',
  address: '100.64.16.2',
  port: 8080,
  wanted,
  seen: 'unknown',
  lastCheck: null,
  openRequests: 0,
  ...changes,
});
const backend = (
  rolloutId: string,
  slot: string,
  servers: WantedServer[],
  changes: Partial<WantedBackend> = {},
): WantedBackend => ({
  rolloutId,
  appId: 'app1',
  slot,
  healthPath: '/',
  healthStrict: false,
  isRetired: false,
  servers,
  ...changes,
});
const has = (slot: string, name: string, changes: Partial<ServerState> = {}): ServerState => ({
  slot,
  name,
  address: '100.64.16.2',
  port: 8080,
  admin: 'ready',
  health: 'passing',
  lastCheck: 'L7OK/200',
  open: 0,
  ...changes,
});
const empty: RouterMaps = {
  edge: new Map(),
  hosts: new Map(),
  internal: new Map(),
  subnets: new Map(),
  marks: new Map(),
  health: new Map(),
};
const state = (table: RouteTable, servers: ServerState[], changes: Partial<RouterState> = {}): RouterState => ({
  servers,
  maps: mapContents(table),
  isFresh: false,
  ...changes,
});
const lines = (table: RouteTable, now: RouterState) =>
  planChanges(table, now).changes.map((change) => commandLine('/d', change));

const serving: RouteTable = {
  environments: [],
  routes: [route({ appliedVersion: 2 })],
  backends: [backend('old', 'any1', [server('i1', 'ready', { seen: 'healthy' })])],
};

describe('a server', () => {
  test('comes in drain with checks, after its health path', () => {
    const table = {
      environments: [],
      routes: [],
      backends: [backend('new', 'any2', [server('i2', 'probe')], { healthPath: '/up' })],
    };
    const plan = planChanges(table, state(table, [], { maps: empty }));
    expect(plan.changes.map((change) => commandLine('/d', change))).toEqual([
      'add map /d/maps/health.map any2 /up',
      'add server any2/i2 100.64.16.2:8080 check inter 5s fastinter 40 downinter 40 fall 2 rise 1 observe layer4 error-limit 1 on-error fastinter',
      'set server any2/i2 state drain',
      'enable health any2/i2',
    ]);
    expect(plan.moving).toEqual(['any2']);
  });

  test('is not put into rotation before its first passing check', () => {
    const table = { environments: [], routes: [], backends: [backend('new', 'any2', [server('i2', 'ready')])] };
    const at = (health: ServerState['health']) =>
      lines(table, state(table, [has('any2', 'i2', { admin: 'drain', health })]));
    expect(at('initial')).toEqual([]);
    expect(at('failing')).toEqual([]);
    expect(at('passing')).toEqual(['set server any2/i2 state ready']);
  });

  test('that was healthy before HAProxy restarted serves again at once', () => {
    expect(lines(serving, state(serving, [], { isFresh: true }))).toEqual([
      expect.stringContaining('add server any1/i1'),
      'set server any1/i1 state ready',
      'enable health any1/i1',
    ]);
    expect(lines(serving, state(serving, []))).toContain('set server any1/i1 state drain');
  });

  test('whose adding was cut short by a kill is taken up where it is', () => {
    const table = { environments: [], routes: [], backends: [backend('new', 'any2', [server('i2', 'probe')])] };
    expect(lines(table, state(table, [has('any2', 'i2', { admin: 'maint', health: 'off' })]))).toEqual([
      'set server any2/i2 state drain',
      'enable health any2/i2',
    ]);
  });

  test('with a new address is made anew, and not trusted', () => {
    const moved = {
      ...serving,
      backends: [backend('old', 'any1', [server('i1', 'ready', { address: '100.64.16.9' })])],
    };
    expect(lines(moved, state(moved, [has('any1', 'i1')]))).toEqual([
      'set server any1/i1 state maint',
      'shutdown sessions server any1/i1',
      'del server any1/i1',
    ]);
    expect(planChanges(moved, state(moved, [has('any1', 'i1')])).seen).toEqual([]);
  });

  test('drains until its last request ends', () => {
    const table = {
      environments: [],
      routes: [],
      backends: [backend('old', 'any1', [server('i1', 'drain', { seen: 'healthy' })])],
    };
    expect(lines(table, state(table, [has('any1', 'i1', { open: 2 })]))).toEqual(['set server any1/i1 state drain']);
    const seen = (open: number) =>
      planChanges(table, state(table, [has('any1', 'i1', { admin: 'drain', open })])).seen.map((one) => one.seen);
    expect(seen(2)).toEqual(['healthy']);
    expect(seen(0)).toEqual(['drained']);
  });

  test('is gone only when HAProxy has it no more', () => {
    const table = { environments: [], routes: [], backends: [backend('old', 'any1', [server('i1', 'gone')])] };
    expect(planChanges(table, state(table, [has('any1', 'i1')])).seen).toEqual([]);
    expect(planChanges(table, state(table, [])).seen).toMatchObject([{ instanceId: 'i1', seen: 'gone' }]);
  });

  test('that nobody wants is removed, ours only', () => {
    const table = { environments: [], routes: [], backends: [] };
    expect(lines(table, state(table, [has('any7', 'stale', { admin: 'maint' }), has('api', 'api')]))).toEqual([
      'shutdown sessions server any7/stale',
      'del server any7/stale',
    ]);
  });
});

describe('a switch', () => {
  const next = (wanted: WantedServer['wanted']): RouteTable => ({
    environments: [],
    routes: [route({ rolloutId: 'new', version: 3, appliedVersion: 2 })],
    backends: [
      backend('old', 'any1', [server('i1', 'drain', { seen: 'healthy' })]),
      backend('new', 'any2', [server('i2', wanted)]),
    ],
  });
  const before = mapContents(serving);

  test('waits for a new server in rotation, and the old one serves meanwhile', () => {
    const plan = planChanges(next('ready'), {
      servers: [has('any1', 'i1'), has('any2', 'i2', { admin: 'drain' })],
      maps: before,
      isFresh: false,
    });
    expect(plan.changes.filter((change) => 'map' in change && change.map === 'edge')).toEqual([]);
    expect(plan.applied).toEqual([]);
  });

  test('is one entry per host and name, before the old server is drained', () => {
    const now = { servers: [has('any1', 'i1'), has('any2', 'i2')], maps: before, isFresh: false };
    expect(lines(next('ready'), now)).toEqual([
      'add map /d/maps/health.map any2 /',
      'set map /d/maps/edge.map shop.localhost any2',
      'set map /d/maps/internal.map env1/shop.internal any2',
      'set server any1/i1 state drain',
    ]);
  });

  test('is reported when HAProxy has it', () => {
    const table = next('ready');
    const plan = planChanges(table, state(table, [has('any1', 'i1', { admin: 'drain' }), has('any2', 'i2')]));
    expect(plan.changes).toEqual([]);
    expect(plan.applied).toEqual([{ appId: 'app1', version: 3 }]);
  });

  test('to an app scaled to nothing does not wait', () => {
    const table: RouteTable = { ...next('ready'), backends: [backend('new', 'any2', [])] };
    expect(lines(table, { servers: [], maps: before, isFresh: false })).toContain(
      'set map /d/maps/edge.map shop.localhost any2',
    );
  });
});

test('maintenance is a map entry, and off again', () => {
  const table = { ...serving, routes: [route({ maintenance: true })] };
  expect(lines(table, state(serving, [has('any1', 'i1')]))).toEqual([
    'set map /d/maps/edge.map shop.localhost ~m',
    'set map /d/maps/internal.map env1/shop.internal ~m',
  ]);
});

test('a destroyed app’s names are dropped', () => {
  const table = { environments: [], routes: [], backends: [] };
  expect(lines(table, { servers: [], maps: mapContents(serving), isFresh: false })).toEqual([
    'del map /d/maps/health.map any1',
    'del map /d/maps/edge.map shop.localhost',
    'del map /d/maps/internal.map env1/shop.internal',
  ]);
});

test('nothing is told to an HAProxy that has it all', () => {
  expect(planChanges(serving, state(serving, [has('any1', 'i1')]))).toMatchObject({
    changes: [],
    applied: [],
    moving: [],
  });
});

describe('an app that sleeps', () => {
  const asleep: RouteTable = {
    environments: [],
    routes: [route({ gate: 'closed', version: 3, appliedVersion: 2 })],
    backends: [backend('old', 'any1', [server('i1', 'ready', { seen: 'healthy' })], { isAsleep: true })],
  };
  test('its requests wait at the gate, and it is not checked', () => {
    const now = state(serving, [has('any1', 'i1')]);
    expect(lines(asleep, now)).toEqual([
      'disable health any1/i1',
      'set map /d/maps/edge.map shop.localhost ~w:any1:app1',
      'set map /d/maps/internal.map env1/shop.internal ~w:any1:app1',
    ]);
    const plan = planChanges(asleep, state(asleep, [has('any1', 'i1', { health: 'off' })]));
    expect(plan).toMatchObject({ changes: [], moving: [], applied: [{ appId: 'app1', version: 3 }] });
  });

  test('an HAProxy that has lost its server gets it back in rotation without a check', () => {
    expect(lines(asleep, state(asleep, []))).toEqual([
      expect.stringContaining('add server any1/i1 '),
      'set server any1/i1 state ready',
    ]);
  });

  test('awake again it is checked, and its requests go straight to it; bots are told apart where it may sleep', () => {
    const awake: RouteTable = { ...serving, routes: [route({ gate: 'watched', version: 4, appliedVersion: 3 })] };
    expect(lines(awake, state(asleep, [has('any1', 'i1', { health: 'off' })]))).toEqual([
      'enable health any1/i1',
      'set map /d/maps/edge.map shop.localhost ~s:any1',
      'set map /d/maps/internal.map env1/shop.internal ~s:any1',
    ]);
  });

  test('one that was stopped is let through only when an instance of it is in rotation', () => {
    const awake: RouteTable = {
      ...serving,
      routes: [route({ gate: 'watched', version: 4, appliedVersion: 3 })],
      backends: [backend('old', 'any1', [server('i1', 'ready')])],
    };
    const starting = planChanges(awake, state(asleep, [has('any1', 'i1', { admin: 'drain', health: 'initial' })]));
    expect(starting).toMatchObject({ changes: [], applied: [] });
    expect(lines(awake, state(asleep, [has('any1', 'i1', { admin: 'drain' })]))[0]).toBe(
      'set server any1/i1 state ready',
    );
  });
});
