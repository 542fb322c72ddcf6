/**
 * One thing that the doctor looked at. `well`: fine; `note`: works, with an effect worth knowing; `wrong`: does not work.
 * @typedef {{ state: 'well' | 'note' | 'wrong', text: string, mend?: string }} Finding
 */

/**
 * What the doctor's looks get. `names` and `urls` are there once packages are installed and compiled.
 * @typedef {object} Patient
 * @property {import('../up/settings.mjs').Settings} settings
 * @property {import('../up/engine.mjs').Engine} engine
 * @property {boolean} isInstalled credentials were made: `npm start` once came to its end
 * @property {import('../up/make-settings.mjs').Names | undefined} names
 * @property {{ database: string, redis: string, registry: string } | undefined} urls
 */

/** @param {string} text @returns {Finding} */
export const well = (text) => ({ state: 'well', text });

/** @param {string} text @param {string} [mend] @returns {Finding} */
export const note = (text, mend) => ({ state: 'note', text, ...(mend && { mend }) });

/** @param {string} text @param {string} [mend] @returns {Finding} */
export const wrong = (text, mend) => ({ state: 'wrong', text, ...(mend && { mend }) });

/** @param {unknown} error */
export const reason = (error) => {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return [error.message || error.name, cause].filter(Boolean).join(': ');
};
