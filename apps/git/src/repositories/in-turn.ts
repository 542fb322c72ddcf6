const last = new Map<string, Promise<unknown>>();

/** Runs what changes the refs of one repository one after the other. This is the only process that changes them. */
export function inTurn<T>(repositoryId: string, body: () => Promise<T>): Promise<T> {
  const before = last.get(repositoryId) ?? Promise.resolve();
  const mine = before.then(body, body);
  last.set(repositoryId, mine);
  const forget = () => {
    if (last.get(repositoryId) === mine) last.delete(repositoryId);
  };
  void mine.then(forget, forget);
  return mine;
}
