/** A step that failed for a reason we know: what happened, and what the person at the keyboard can do. */
export class Failure extends Error {
  /**
   * @param {string} what one plain sentence
   * @param {string} [mend] how to mend it
   */
  constructor(what, mend = '') {
    super(what);
    this.mend = mend;
  }
}
