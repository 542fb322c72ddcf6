/**
 * Port of the internal router, at the gateway address of the router network, for callers on people's own machines: only the API's
 * address may say there, by the PROXY protocol, from which environment's network a call comes.
 */
export const tetherPort = 7203;
