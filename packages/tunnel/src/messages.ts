/**
 * What Berth says to a connected machine over the control WebSocket (`GET /environments/<name>/connect`), as JSON. The machine
 * says nothing there. Each connection is a WebSocket of its own whose binary messages are its bytes, so that one that is not read holds
 * no other up:
 *
 * - `GET /tethers/<tether>/streams`: from the machine to the environment's internal router; with `?to=data` to the data server,
 *   with `?to=redis&host=<its name>` to the Redis server of an add-on
 * - `GET /tethers/<tether>/streams/<stream>`: the machine's answer to `open`, from the router to the machine
 */
export type ServerMessage =
  /** First. */
  | { type: 'hello'; tether: string; environment: string; base: string | null; services: string[] }
  /** Somebody calls a service that the machine answers for: open a stream of this id to it. */
  | { type: 'open'; stream: string; service: string }
  /** Last, when it is Berth that ends: why, in one sentence. Coming back is of no use. */
  | { type: 'end'; message: string };

/** Between two signs of life that each side expects from the other, ms: pings of Berth, answered by the WebSocket itself. */
export const heartbeatMs = 3_000;
/** Without one for this long, the other side is gone. */
export const silentMs = 9_000;
