/**
 * Port on which apps/releaser opens shells for our other processes, on the platform network only (HTTP/2 without TLS). One
 * connection is one shell, and ends it when it ends, whoever lets go of it:
 *
 * - `POST /shell` with a ticket (`authorization`) and what is wanted ({@link ShellRequest}, JSON, `berth-shell`): the body is its stdin, the answer's its stdout
 * - `GET /stderr`, `GET /exit` (`{"exitCode":0}`, when it has ended), `PUT /size?columns=80&lines=24`
 */
export const shellPort = 7202;

/** What is run in the instance that the ticket names. */
export interface ShellRequest {
  /** A shell line; undefined: an interactive shell. */
  command?: string | undefined;
  tty: boolean;
  /** TERM. */
  env: Record<string, string>;
  columns: number;
  lines: number;
}
