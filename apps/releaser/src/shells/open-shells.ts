/** Apps in which somebody has a shell: they do not fall asleep. */
export class OpenShells {
  readonly #counts = new Map<string, number>();

  has(appId: string): boolean {
    return this.#counts.has(appId);
  }

  /** Counts one more; the answer takes it back. */
  add(appId: string): () => void {
    this.#counts.set(appId, (this.#counts.get(appId) ?? 0) + 1);
    return () => {
      const left = (this.#counts.get(appId) ?? 1) - 1;
      if (left > 0) this.#counts.set(appId, left);
      else this.#counts.delete(appId);
    };
  }
}
