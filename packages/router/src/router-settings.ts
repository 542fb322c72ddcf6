import type { Stock } from './slots.js';

/** All that HAProxy's configuration is made of, but for the apps. */
export interface RouterSettings {
  /** Directory shared by HAProxy and the controller, at the same path in both. */
  dir: string;
  /** Address of the public ports: `*` = every IPv4 address of the host. */
  bindAddress: string;
  appsPort: number;
  appsTlsPort: number;
  platformPort: number;
  sshPort: number;
  /** SSH also at port 80 of this address of the host, for `heroku ps:exec`. */
  execAddress?: string | undefined;
  /** Where instances find each other: the gateway of the router network, port 80. */
  internal: Endpoint;
  /** The internal router's port for calls from people's machines (domain/tether-ports); of `api` alone. */
  tetherPort: number;
  /** The same for Redis servers of add-ons (domain/tether-ports); of `api` alone. */
  redisTether: {
    port: number;
    /** CIDR that all environments' networks are in. */
    networks: string;
  };
  /** Who carries calls to people's machines: the API. */
  detours: Endpoint;
  /** Host names end in this. */
  domain: string;
  api: Endpoint;
  dashboard: Endpoint;
  gitHttp: Endpoint;
  gitSsh: Endpoint;
  registry: Endpoint;
  /** Who wakes apps: apps/releaser. */
  wake: Endpoint;
  /** Who has the other end of attached one-offs: apps/releaser. */
  run: Endpoint;
  stock: Stock;
  /** Base64; signs who may use a project environment from outside (domain/environment-token). */
  linkKey: string;
  /** Without certificates the TLS ports stay closed until there are some. */
  hasAppsCertificate: boolean;
  hasPlatformCertificate: boolean;
  timeouts: RouterTimeouts;
}

export interface Endpoint {
  address: string;
  port: number;
}

/** ms; Heroku's limits (devcenter "HTTP routing", section timeouts). */
export interface RouterTimeouts {
  /** Until the first byte of an app's answer: H12 after it. */
  firstByte: number;
  /** Between bytes from then on: H15. Also the client's. */
  idle: number;
  /** A WebSocket or a CONNECT without a byte. */
  tunnel: number;
}

export const defaultTimeouts: RouterTimeouts = { firstByte: 30_000, idle: 55_000, tunnel: 3_600_000 };

/** Files of the shared directory. */
export function routerPaths(dir: string) {
  return {
    config: `${dir}/haproxy.cfg`,
    masterSocket: `${dir}/master.sock`,
    adminSocket: `${dir}/admin.sock`,
    logSocket: `${dir}/log.sock`,
    platformPlainSocket: `${dir}/platform-plain.sock`,
    platformTlsSocket: `${dir}/platform-tls.sock`,
    platformUnsaidSocket: `${dir}/platform-unsaid.sock`,
    platformHttpsSocket: `${dir}/platform-https.sock`,
    map: (name: string) => `${dir}/maps/${name}.map`,
    page: (name: string) => `${dir}/pages/${name}.html`,
    wakeScript: `${dir}/wake.lua`,
    crtList: `${dir}/crt-list`,
    appsCertificate: `${dir}/certs/apps.pem`,
    platformCertificate: `${dir}/certs/platform.pem`,
  };
}
