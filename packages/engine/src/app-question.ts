/** A GET request to an app from outside, through the router. */
export interface AppQuestion {
  /** Of the router, for plain HTTP. */
  port: number;
  /** Of the app, without port. */
  hostName: string;
  path: string;
  timeoutMs: number;
}
