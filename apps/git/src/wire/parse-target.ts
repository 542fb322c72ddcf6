/** The two services of git's wire: `git fetch` and `git push`. */
export type GitService = 'git-upload-pack' | 'git-receive-pack';

/** `hello` is an app; with its team it is a pipeline, or else an app too. */
export interface RepositoryName {
  team: string | undefined;
  name: string;
}

/** What a request of git's smart HTTP asks for (gitprotocol-http(5)). */
export interface HttpTarget {
  name: RepositoryName;
  service: GitService;
  /** refs: the ref advertisement; rpc: the exchange itself. */
  kind: 'refs' | 'rpc';
}

const isService = (name: string | null | undefined): name is GitService =>
  name === 'git-upload-pack' || name === 'git-receive-pack';

/** What `/hello.git`, `hello.git`, `/hello` and `/team/hello.git` name; undefined for anything else. */
export function parseRepositoryPath(path: string): RepositoryName | undefined {
  const [, team, name] = /^\/?(?:([a-z0-9-]+)\/)?([a-z0-9-]+?)(?:\.git)?\/?$/.exec(path) ?? [];
  return name === undefined ? undefined : { team, name };
}

/** Undefined for what is not smart HTTP, also for the dumb protocol. */
export function parseHttpTarget(method: string, url: string): HttpTarget | undefined {
  const { pathname, searchParams } = new URL(url, 'http://git.invalid');
  const [, path, rest] = /^(\/.+\.git)\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(pathname) ?? [];
  const name = path ? parseRepositoryPath(path) : undefined;
  if (!name) return undefined;
  const service = rest === 'info/refs' ? searchParams.get('service') : rest;
  if (!isService(service)) return undefined;
  if (rest === 'info/refs') return method === 'GET' ? { name, service, kind: 'refs' } : undefined;
  return method === 'POST' ? { name, service, kind: 'rpc' } : undefined;
}

/** `git-receive-pack 'hello.git'` or `git receive-pack '/hello.git'`, as git sends it over SSH; undefined for anything else. */
export function parseSshCommand(command: string): { name: RepositoryName; service: GitService } | undefined {
  const [, verb, path] = /^git[- ](upload-pack|receive-pack) '?([^']+)'?$/.exec(command.trim()) ?? [];
  const name = path ? parseRepositoryPath(path) : undefined;
  const service = `git-${verb}`;
  return name && isService(service) ? { name, service } : undefined;
}

/** User name and password of HTTP basic auth (RFC 7617); the password is an API token. */
export function parseBasic(header: string | undefined): { user: string; password: string } | undefined {
  const [, encoded] = /^basic ([a-z0-9+/=]+)$/i.exec(header ?? '') ?? [];
  if (!encoded) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const [user, password] = [decoded.slice(0, colon), decoded.slice(colon + 1)];
  return colon < 0 || !password ? undefined : { user, password };
}

/** The value of the `Git-Protocol` header or GIT_PROTOCOL variable when it is one (`version=2`), else undefined. */
export function parseGitProtocol(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z0-9=:.-]{1,100}$/i.test(value) ? value : undefined;
}
