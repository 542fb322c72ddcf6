/**
 * Port of the internal router, at the gateway address of the router network, for callers on people's own machines: only the API's
 * address may say there, by the PROXY protocol, from which environment's network a call comes.
 */
export const tetherPort = 7203;

/**
 * Port of the router, at the same address, for connections of such machines to Redis servers: the API alone may come there, and says by
 * the PROXY protocol to which one.
 */
export const redisTetherPort = 7205;

/** Port of the API, on the platform network, for calls that go to people's machines. */
export const detourPort = 7204;

/** Header of such a call: the id of the detour, which the router sets. */
export const detourHeader = 'berth-detour';
