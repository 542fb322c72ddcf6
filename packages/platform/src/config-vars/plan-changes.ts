import { hasReferences } from '@berth/domain/config-reference';
import { parseConfigKey } from '@berth/domain/names';
import type { Platform } from '../platform.js';

/** What a person asks for: null removes; a bare string is a secret unless the var is plain already. */
export type WantedChange = string | null | { value: string; secret: boolean };
export type WantedChanges = Record<string, WantedChange>;

/** A row of one layer, value sealed. */
export interface VarRow {
  key: string;
  value: string;
  isSecret: boolean;
  isReference: boolean;
}

export type Changes = readonly [key: string, row: VarRow | null][];

/** What of the wanted changes changes anything in this layer. */
export function planChanges({ secrets }: Platform, rows: readonly VarRow[], wanted: WantedChanges): Changes {
  return Object.entries(wanted).flatMap(([name, change]): Changes => {
    const key = parseConfigKey(name);
    const before = rows.find((row) => row.key === key);
    if (change === null) return before ? [[key, null]] : [];
    const text = typeof change === 'string' ? change : change.value;
    const isSecret = typeof change === 'string' ? (before?.isSecret ?? true) : change.secret;
    if (before && secrets.open(before.value) === text && before.isSecret === isSecret) return [];
    return [[key, { key, value: secrets.seal(text), isSecret, isReference: hasReferences(text) }]];
  });
}
