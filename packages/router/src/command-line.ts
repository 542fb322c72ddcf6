import type { Change } from './plan-changes.js';
import { routerPaths } from './router-settings.js';
import { serverArguments } from './server-line.js';

/** The line of HAProxy's runtime API (management guide, 9.3) for a change. */
export function commandLine(dir: string, change: Change): string {
  const { map } = routerPaths(dir);
  switch (change.do) {
    case 'add':
      return `add server ${change.slot}/${change.name} ${serverArguments(change)}`;
    case 'set':
      return `set server ${change.slot}/${change.name} state ${change.admin}`;
    case 'check':
      return `enable health ${change.slot}/${change.name}`;
    case 'uncheck':
      return `disable health ${change.slot}/${change.name}`;
    case 'cut':
      return `shutdown sessions server ${change.slot}/${change.name}`;
    case 'remove':
      return `del server ${change.slot}/${change.name}`;
    case 'put':
      return `${change.isNew ? 'add' : 'set'} map ${map(change.map)} ${change.key} ${change.value}`;
    case 'drop':
      return `del map ${map(change.map)} ${change.key}`;
  }
}
