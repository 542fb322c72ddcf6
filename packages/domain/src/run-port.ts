/** Port on which apps/releaser takes the input and output of attached one-offs, on the platform network only. */
export const runPort = 7201;

/** What opens an attached one-off begins with this; on the platform's port the router tells it from HTTP by it. */
export const runSecretPrefix = 'berth-run-';
