const last = new Map<string, Promise<unknown>>();

/** Runs what is done to one thing, and only by this process, one after the other; what fails does not hold up the next. */
export function inTurn<T>(thing: string, body: () => Promise<T>): Promise<T> {
  const before = last.get(thing) ?? Promise.resolve();
  const mine = before.then(body, body);
  last.set(thing, mine);
  const forget = () => {
    if (last.get(thing) === mine) last.delete(thing);
  };
  void mine.then(forget, forget);
  return mine;
}
