import type { PlannedGroup } from './plan-rollout.js';
import type { InstanceState } from './status.js';

/** Names one instance: `web.1` of a rollout. */
export interface InstanceKey {
  rolloutId: string;
  processType: string;
  /** 1 for web.1 */
  index: number;
}

/** What the current rollout of an app should run. */
export interface WantedApp {
  appId: string;
  rolloutId: string;
  /** A newer rollout is under way: its job, not the loop, changes the singletons. */
  isRollingOut: boolean;
  /** Debug is on: an instance that ended is held as it is. */
  isDebug: boolean;
  groups: WantedGroup[];
}

export type WantedGroup = Pick<PlannedGroup, 'processType' | 'quantity' | 'isRouted' | 'isSingleton'> & {
  /** Of the group's size: a size is told by it. */
  memoryBytes: number;
};

/** An Instance row that is not down, with its server when requests go to it. */
export interface KnownInstance extends InstanceKey {
  instanceId: string;
  appId: string;
  state: InstanceState;
  containerId: string | null;
  address: string | null;
  server: {
    wanted: 'probe' | 'ready' | 'drain' | 'gone';
    seen: 'unknown' | 'checking' | 'healthy' | 'failing' | 'drained' | 'gone';
  } | null;
}

/** A container as the engine sees it. */
export interface SeenInstance extends InstanceKey {
  appId: string;
  containerId: string;
  state: 'created' | 'running' | 'frozen' | 'exited';
  address: string | null;
  exitCode: number | null;
  isOutOfMemory: boolean;
  /** 0: the host knows no limits. */
  memoryBytes: number;
  /** Made while debug was on: started again it only waits. */
  isHeld: boolean;
}

export interface ReconcileInput {
  wanted: readonly WantedApp[];
  /** Ids of the rollouts that are not retired: their containers belong to a job or to the current release. */
  liveRollouts: ReadonlySet<string>;
  known: readonly KnownInstance[];
  seen: readonly SeenInstance[];
  /** Is the pause after the last crash over? */
  mayStart: (key: InstanceKey) => boolean;
  /** Somebody is at work on it. */
  isBusy: (key: InstanceKey) => boolean;
}

export type ReconcileAction = InstanceKey & { appId: string } & (
    | { do: 'start' }
    /** Start the exited container again. */
    | { do: 'restart' }
    /** Start the exited container of a debug deploy again: it waits, and its row stays crashed. */
    | { do: 'hold' }
    /** The container runs, and the rows do not say so or say another address. */
    | { do: 'adopt'; container: SeenInstance }
    | { do: 'note-crash'; instanceId: string; exitCode: number | null; isOutOfMemory: boolean }
    | { do: 'note-up'; instanceId: string }
    /** The first passing check of a new server was seen: requests may come. */
    | { do: 'make-ready'; instanceId: string }
    /** It was started with another size than is wanted now: as if a restart was asked for. */
    | { do: 'replace'; instanceId: string }
    /** Drain when it is routed to, SIGTERM, remove. */
    | { do: 'stop'; instanceId: string | null; isRouted: boolean }
    /** A container of nobody. */
    | { do: 'remove-leftover' }
    /** A row without a container that nobody wants. */
    | { do: 'mark-down'; instanceId: string }
  );

interface Member {
  key: InstanceKey & { appId: string };
  known: KnownInstance | undefined;
  seen: SeenInstance | undefined;
}

export const instanceName = ({ rolloutId, processType, index }: InstanceKey): string =>
  `${rolloutId}/${processType}.${index}`;

/**
 * Compares what should run with what runs. Each answer is one small step; the next look decides the next one,
 * so that a loop that is killed anywhere goes on where it was.
 */
export function planReconcile(input: ReconcileInput): ReconcileAction[] {
  const actions = [
    ...input.wanted.flatMap((app) => planApp(app, input)),
    ...planLeftovers(input),
    ...input.wanted.flatMap((app) => planHeldSingletons(app, input)),
  ];
  return actions.filter((action) => !input.isBusy(action));
}

function planApp(app: WantedApp, input: ReconcileInput): ReconcileAction[] {
  const { appId, rolloutId } = app;
  const known = input.known.filter((instance) => instance.rolloutId === rolloutId);
  const seen = input.seen.filter((instance) => instance.rolloutId === rolloutId);
  const types = new Set([...app.groups, ...known, ...seen].map(({ processType }) => processType));
  return [...types].flatMap((processType) => {
    const group = app.groups.find((one) => one.processType === processType) ?? {
      processType,
      quantity: 0,
      isRouted: false,
      isSingleton: false,
      memoryBytes: 0,
    };
    if (group.isSingleton && (app.isRollingOut || isHeldElsewhere(app, processType, input))) return [];
    const memberOf = (index: number): Member => ({
      key: { appId, rolloutId, processType, index },
      known: known.find((row) => row.processType === processType && row.index === index),
      seen: seen.find((container) => container.processType === processType && container.index === index),
    });
    const there = new Set([...known, ...seen].filter((one) => one.processType === processType).map((one) => one.index));
    return planGroup(group, memberOf, there, { ...input, isDebug: app.isDebug });
  });
}

/**
 * A restart of routed instances (rows in `stopping`) is a swap: one more is started, then one of them is drained and
 * stopped, its successor starts, and so on; then the one more is surplus. Others are stopped and started in their place.
 */
function planGroup(
  group: WantedGroup,
  memberOf: (index: number) => Member,
  there: ReadonlySet<number>,
  input: KeepInput,
): ReconcileAction[] {
  const { quantity, isRouted } = group;
  const base = Array.from({ length: quantity }, (_, at) => memberOf(at + 1));
  const stopping = base.filter(({ known }) => known?.state === 'stopping');
  const isSwapping = isRouted && (stopping.some(isServing) || (stopping.length > 0 && there.has(quantity + 1)));
  const wanted = isSwapping ? [...base, memberOf(quantity + 1)] : base;
  const mayStopServing = wanted.filter(isServing).length > quantity;
  const surplus = [...there].filter((index) => index > wanted.length).map(memberOf);
  return [
    ...wanted.filter(({ known }) => known?.state !== 'stopping').flatMap((member) => keepUp(member, isRouted, input)),
    ...base.filter((member) => isOtherSize(member, group)).map(replace),
    ...stopping.filter((member) => !isRouted || !isServing(member)).map(stop),
    ...stopping
      .filter((member) => isRouted && mayStopServing && isServing(member))
      .slice(0, 1)
      .map(stop),
    ...(isRouted && base.some(isOnItsWay) ? [] : surplus).map(stop),
  ];
}

const isOtherSize = ({ known, seen }: Member, { memoryBytes }: WantedGroup): boolean =>
  known?.state === 'up' && seen?.state === 'running' && seen.memoryBytes > 0 && seen.memoryBytes !== memoryBytes;

const replace = ({ key, known }: Member): ReconcileAction => ({
  ...key,
  do: 'replace',
  instanceId: known?.instanceId ?? '',
});

const stop = ({ key, known }: Member): ReconcileAction => ({
  ...key,
  do: 'stop',
  instanceId: known?.instanceId ?? null,
  isRouted: known?.server != null,
});

const isServing = ({ known, seen }: Member): boolean =>
  known?.server?.wanted === 'ready' && known.server.seen === 'healthy' && seen?.state === 'running';

/** Will serve soon: what is surplus serves until then. A crashed one is not waited for. */
const isOnItsWay = (member: Member): boolean =>
  !isServing(member) && (!member.known || member.known.state === 'starting' || member.known.state === 'stopping');

type KeepInput = Pick<ReconcileInput, 'mayStart'> & Pick<WantedApp, 'isDebug'>;

/** What debug deploys left: held while debug is on, and removed once it is off, so that it is started as what it is. */
function keepHeld(member: Member, { mayStart, isDebug }: KeepInput): ReconcileAction[] {
  if (!isDebug) return [stop(member)];
  return member.seen?.state === 'exited' && mayStart(member.key) ? [{ ...member.key, do: 'hold' }] : [];
}

/** One step that brings a wanted instance nearer to running. */
function keepUp({ key, known, seen }: Member, isRouted: boolean, input: KeepInput): ReconcileAction[] {
  if (!seen || seen.state === 'created') return input.mayStart(key) ? [{ ...key, do: 'start' }] : [];
  if (seen.state === 'exited') {
    if (known?.state === 'starting' || known?.state === 'up')
      return [
        {
          ...key,
          do: 'note-crash',
          instanceId: known.instanceId,
          exitCode: seen.exitCode,
          isOutOfMemory: seen.isOutOfMemory,
        },
      ];
    if (seen.isHeld) return keepHeld({ key, known, seen }, input);
    return input.mayStart(key) ? [{ ...key, do: 'restart' }] : [];
  }
  if (seen.isHeld && known?.state === 'crashed') return keepHeld({ key, known, seen }, input);
  const isRecorded =
    known && known.containerId === seen.containerId && known.address === seen.address && known.state !== 'crashed';
  const hasServer = !isRouted || known?.server?.wanted === 'probe' || known?.server?.wanted === 'ready';
  if (!isRecorded || !hasServer) return [{ ...key, do: 'adopt', container: seen }];
  if (!isRouted) return known.state === 'up' ? [] : [{ ...key, do: 'note-up', instanceId: known.instanceId }];
  if (known.server?.seen !== 'healthy') return [];
  if (known.server.wanted === 'probe') return [{ ...key, do: 'make-ready', instanceId: known.instanceId }];
  return known.state === 'up' ? [] : [{ ...key, do: 'note-up', instanceId: known.instanceId }];
}

/** What belongs to no current release and to no job: containers of retired rollouts and of destroyed apps. */
function planLeftovers(input: ReconcileInput): ReconcileAction[] {
  const isLeftover = ({ rolloutId }: InstanceKey) => !input.liveRollouts.has(rolloutId);
  const containers = input.seen.filter(isLeftover);
  const names = new Set(containers.map(instanceName));
  const keyOf = ({ appId, rolloutId, processType, index }: SeenInstance | KnownInstance) => ({
    appId,
    rolloutId,
    processType,
    index,
  });
  return [
    ...containers.map((container): ReconcileAction => ({ ...keyOf(container), do: 'remove-leftover' })),
    ...input.known
      .filter((row) => isLeftover(row) && !names.has(instanceName(row)))
      .map((row): ReconcileAction => ({ ...keyOf(row), do: 'mark-down', instanceId: row.instanceId })),
  ];
}

/** The new singleton did not stay up after the switch, and the one of an older rollout goes on (DESIGN section 6). */
export function isHeldElsewhere(
  app: Pick<WantedApp, 'appId' | 'rolloutId'>,
  processType: string,
  input: Pick<ReconcileInput, 'known' | 'seen'>,
): boolean {
  const isOfType = (one: InstanceKey & { appId: string }) => one.appId === app.appId && one.processType === processType;
  const own = input.known.find((row) => isOfType(row) && row.rolloutId === app.rolloutId);
  const isGivenUp = own?.state === 'crashed' && !input.seen.some((c) => isOfType(c) && c.rolloutId === app.rolloutId);
  return isGivenUp && input.known.some((row) => isOfType(row) && row.rolloutId !== app.rolloutId);
}

/** Heals a singleton of an older rollout that goes on in place of the new one. */
function planHeldSingletons(app: WantedApp, input: ReconcileInput): ReconcileAction[] {
  if (app.isRollingOut) return [];
  return app.groups
    .filter((group) => group.isSingleton && group.quantity > 0 && isHeldElsewhere(app, group.processType, input))
    .flatMap(({ processType }) =>
      input.seen
        .filter((container) => container.appId === app.appId && container.processType === processType)
        .flatMap((seen) => {
          const known = input.known.find((row) => instanceName(row) === instanceName(seen));
          const { appId, rolloutId, index } = seen;
          const member = { key: { appId, rolloutId, processType, index }, known, seen };
          return known ? keepUp(member, false, { ...input, isDebug: app.isDebug }) : [];
        }),
    );
}
