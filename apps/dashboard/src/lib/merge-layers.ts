import type { SharedVar } from '@berth/platform/config-vars/open-layer';

/** The config vars of one layer, and what people call it. */
export interface Layer {
  origin: string;
  vars: readonly SharedVar[];
}

export interface LayeredVar extends SharedVar {
  origin: string;
  /** It is of the last layer. */
  isNearest: boolean;
  /** The layers further away that have it too. */
  hides: string[];
}

/** Each var once, by its key, from the nearest of the layers; they come from the furthest to the nearest. */
export function mergeLayers(layers: readonly Layer[]): LayeredVar[] {
  const rows = new Map<string, LayeredVar>();
  for (const [index, { origin, vars }] of layers.entries())
    for (const one of vars) {
      const hidden = rows.get(one.key);
      const hides = hidden ? [...hidden.hides, hidden.origin] : [];
      rows.set(one.key, { ...one, origin, isNearest: index === layers.length - 1, hides });
    }
  return [...rows.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
