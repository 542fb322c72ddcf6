import type { Change, RouterState } from './plan-changes.js';
import type { SeenServer, ServerSeen, WantedBackend, WantedServer } from './route-table.js';
import type { ServerState } from './server-state.js';
import { isSlot } from './slots.js';

interface ServersPlan {
  bringIn: Change[];
  takeOut: Change[];
  seen: SeenServer[];
  moving: string[];
}

/** What to do about each server: those that are wanted, and those that HAProxy has and nobody wants. */
export function planServers(
  backends: readonly WantedBackend[],
  { servers: states, isFresh }: Pick<RouterState, 'servers' | 'isFresh'>,
): ServersPlan {
  const stateOf = new Map(states.map((state) => [`${state.slot}/${state.name}`, state]));
  const plan: ServersPlan = { bringIn: [], takeOut: [], seen: [], moving: [] };
  const wantedNames = new Set<string>();
  for (const { slot, servers, isRetired, isAsleep = false } of backends) {
    if (!slot || isRetired) continue;
    for (const server of servers) {
      wantedNames.add(`${slot}/${server.instanceId}`);
      planServer(plan, slot, server, stateOf.get(`${slot}/${server.instanceId}`), { isFresh, isAsleep });
    }
  }
  for (const state of states)
    if (isSlot(state.slot) && !wantedNames.has(`${state.slot}/${state.name}`)) {
      plan.takeOut.push(...removal(state));
      plan.moving.push(state.slot);
    }
  return { ...plan, moving: [...new Set(plan.moving)] };
}

interface Mood {
  /** HAProxy, or its controller, has just started. */
  isFresh: boolean;
  /** Its instances stand still: a check would take them for dead, and a request to them waits for the thaw. */
  isAsleep: boolean;
}

function planServer(
  plan: ServersPlan,
  slot: string,
  server: WantedServer,
  state: ServerState | undefined,
  mood: Mood,
): void {
  const isElsewhere = state && (state.address !== server.address || state.port !== server.port);
  if (state && (server.wanted === 'gone' || isElsewhere)) {
    plan.takeOut.push(...removal(state));
    plan.moving.push(slot);
    return;
  }
  if (server.wanted === 'probe' || server.wanted === 'ready') plan.bringIn.push(...arrival(slot, server, state, mood));
  else if (state?.admin === 'ready') plan.takeOut.push({ do: 'set', slot, name: server.instanceId, admin: 'drain' });
  const seen = seenState(server, state);
  if (seen)
    plan.seen.push({
      instanceId: server.instanceId,
      seen,
      lastCheck: state?.lastCheck ?? null,
      openRequests: state?.open ?? 0,
    });
  if (isMoving(server, state, mood)) plan.moving.push(slot);
}

/**
 * A server that is added and enabled at once would get requests before its first check ("UP INI"). So it comes in drain with
 * checks on, and into rotation after the first one that passes; one that was healthy before HAProxy restarted comes back at once.
 */
function arrival(
  slot: string,
  server: WantedServer,
  state: ServerState | undefined,
  { isFresh, isAsleep }: Mood,
): Change[] {
  const { instanceId: name, address, port } = server;
  const isTrusted = state?.health === 'passing' || ((isFresh || isAsleep) && server.seen === 'healthy');
  const admin = server.wanted === 'ready' && isTrusted ? 'ready' : 'drain';
  const changes: Change[] = [];
  if (!state) changes.push({ do: 'add', slot, name, address, port });
  if (state?.admin !== admin && !(admin === 'drain' && server.wanted === 'ready' && state?.admin === 'ready'))
    changes.push({ do: 'set', slot, name, admin });
  if (isAsleep) return state && state.health !== 'off' ? [...changes, { do: 'uncheck', slot, name }] : changes;
  if (!state || state.health === 'off') changes.push({ do: 'check', slot, name });
  return changes;
}

/** `remove` is refused while a connection is closing: then the next round tries again. */
function removal({ slot, name, admin }: ServerState): Change[] {
  return [
    ...(admin === 'maint' ? [] : [{ do: 'set', slot, name, admin: 'maint' } as const]),
    { do: 'cut', slot, name },
    { do: 'remove', slot, name },
  ];
}

/** undefined: nothing to report yet. */
function seenState(server: WantedServer, state: ServerState | undefined): ServerSeen | undefined {
  if (server.wanted === 'gone') return state ? undefined : 'gone';
  if (server.wanted === 'drain') {
    if (!state) return 'drained';
    if (state.admin === 'ready') return undefined;
    return state.open === 0 ? 'drained' : draining(server);
  }
  if (!state || state.health === 'off') return undefined;
  if (state.health === 'initial') return server.seen === 'healthy' ? 'healthy' : 'checking';
  return state.health === 'passing' ? 'healthy' : 'failing';
}

/** Still answering requests: whatever was seen before. */
function draining({ seen }: WantedServer): ServerSeen {
  return seen === 'drained' ? 'healthy' : seen;
}

function isMoving({ wanted }: WantedServer, state: ServerState | undefined, { isAsleep }: Mood): boolean {
  if (wanted === 'gone') return state !== undefined;
  if (!state) return wanted !== 'drain';
  if (wanted === 'drain') return state.open > 0 || state.admin === 'ready';
  if (wanted === 'ready') return state.admin !== 'ready' || (state.health === 'off') !== isAsleep;
  return true;
}
