/** How long calls go to a machine that nobody heard of, ms: what a killed API costs. */
const leaseMs = 10_000;

/** The end of a lease that begins now. */
export const detourLease = (): Date => new Date(Date.now() + leaseMs);
