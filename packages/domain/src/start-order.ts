/** Services that are not up yet, each with those that it needs. */
export type Needs = ReadonlyMap<string, readonly string[]>;

/**
 * Which services a service waits for before it starts: those that it needs and that are not up. Those that need it in their
 * turn, directly or through others, are in a circle with it and wait for nobody: they start together.
 */
export function needsBefore(service: string, notUp: Needs): { awaited: string[]; inCircle: string[] } {
  const needed = (notUp.get(service) ?? []).filter((one) => one !== service && notUp.has(one));
  const inCircle = needed.filter((one) => reaches(one, service, notUp));
  return { awaited: needed.filter((one) => !inCircle.includes(one)), inCircle };
}

function reaches(from: string, wanted: string, needs: Needs): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === wanted) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...(needs.get(at) ?? []));
  }
  return false;
}
