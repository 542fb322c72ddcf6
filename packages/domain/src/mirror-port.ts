/** Port of the registry's read-only mirror, at the gateway address of the router network: all of ours that a build reaches. */
export const mirrorPort = 5000;
