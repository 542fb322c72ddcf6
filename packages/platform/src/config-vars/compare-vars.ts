import type { ResolvedVar } from '@berth/domain/resolve-config';

/** How one config var of a service differs between two environments; values are null where it lacks or may not be seen. */
export interface VarDifference {
  key: string;
  kind: 'only in from' | 'only in to' | 'differs';
  from: string | null;
  to: string | null;
}

type Vars = ReadonlyMap<string, ResolvedVar>;

/** What differs between the resolved config of two apps; values only for who may see them. What Berth itself gives is left out. */
export function compareVars(from: Vars, to: Vars, maySee: boolean): VarDifference[] {
  const shown = (one: ResolvedVar | undefined) => (one && (maySee || !one.isSecret) ? one.value : null);
  const keys = [...new Set([...from.keys(), ...to.keys()])].sort();
  return keys.flatMap((key): VarDifference[] => {
    const [one, other] = [from.get(key), to.get(key)];
    const isOurs = [one, other].every((side) => !side || side.origin === 'berth');
    if (isOurs || one?.value === other?.value) return [];
    const kind = !other ? 'only in from' : !one ? 'only in to' : 'differs';
    return [{ key, kind, from: shown(one), to: shown(other) }];
  });
}
