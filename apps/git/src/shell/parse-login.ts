/** What the user name of an SSH connection asks for a shell in. */
export interface ShellTarget {
  app: string;
  /** `worker.2`; undefined: the app's first process. */
  process: string | undefined;
}

/** `shop` is an app, `shop.worker.2` one of its processes, `shop.worker` the first of a kind. Undefined for git's own user, and what names no app. */
export function parseLogin(username: string): ShellTarget | undefined {
  const [, app, process] = /^([a-z][a-z0-9-]*)(?:\.([a-z][a-z0-9_-]*(?:\.[1-9]\d{0,4})?))?$/i.exec(username) ?? [];
  return app === undefined || app === 'git' ? undefined : { app, process };
}
