import { execPath, execPort } from '@berth/domain/exec-port';
import { runSecretPrefix } from '@berth/domain/run-port';
import { registryBackends, registryRules, renderRegistry } from './render-registry.js';
import { requestIdRules } from './request-id.js';
import { type Endpoint, type RouterSettings, routerPaths } from './router-settings.js';

/**
 * The platform's one public port. Its first byte tells TLS (22, RFC 8446 section 5.1, a handshake record) from plain HTTP;
 * both go on to one HTTP frontend, by unix sockets with the client's address in front (PROXY protocol v2). A TLS client that does not
 * say what it speaks (no ALPN) may be one that attaches to a one-off: its first bytes tell.
 */
export function renderPlatform(settings: RouterSettings): string[] {
  return [
    ...renderPort(settings),
    ...(settings.hasPlatformCertificate ? renderUnsaid(settings) : []),
    ...renderHttp(settings),
    ...renderBackends(settings),
    ...renderRegistry(settings),
    ...renderSsh(settings),
  ];
}

function renderPort({ dir, bindAddress, platformPort, hasPlatformCertificate, timeouts }: RouterSettings): string[] {
  const paths = routerPaths(dir);
  const inner = (name: string, socket: string) => [
    `backend ${name} from base`,
    '  mode tcp',
    `  timeout server ${timeouts.tunnel}ms`,
    `  server inner unix@${socket} send-proxy-v2`,
  ];
  return [
    'frontend platform from base',
    '  mode tcp',
    `  bind ${bindAddress}:${platformPort}`,
    `  timeout client ${timeouts.tunnel}ms`,
    ...keepAlive,
    '  tcp-request inspect-delay 30s',
    '  tcp-request content accept if { req.ssl_alpn -m found }', // known with the first byte, or with the whole of a ClientHello
    ...(hasPlatformCertificate
      ? [
          '  use_backend platform-tls if { req.ssl_alpn -m found }',
          '  use_backend platform-unsaid if { req.payload(0,1) -m bin 16 }',
        ]
      : []),
    '  default_backend platform-plain',
    ...inner('platform-plain', paths.platformPlainSocket),
    ...(hasPlatformCertificate
      ? [
          ...inner('platform-tls', paths.platformTlsSocket),
          ...inner('platform-unsaid', paths.platformUnsaidSocket),
          ...inner('platform-https', paths.platformHttpsSocket),
        ]
      : []),
  ];
}

/** A laptop that was closed without a word is noticed within two minutes: what it ran is ended. */
const keepAlive = ['  option clitcpka', '  clitcpka-idle 60s', '  clitcpka-intvl 15s', '  clitcpka-cnt 4'];

/** TLS clients without ALPN: Heroku's rendezvous, and plain old HTTPS. */
function renderUnsaid({ dir, timeouts, run }: RouterSettings): string[] {
  const paths = routerPaths(dir);
  return [
    'frontend platform-unsaid from base',
    '  mode tcp',
    `  bind unix@${paths.platformUnsaidSocket} mode 600 accept-proxy ssl crt ${paths.platformCertificate}`,
    `  timeout client ${timeouts.tunnel}ms`,
    '  tcp-request inspect-delay 30s',
    `  tcp-request content accept if { req.payload(0,${runSecretPrefix.length}) -m found }`,
    `  use_backend runs if { req.payload(0,${runSecretPrefix.length}) -m str ${runSecretPrefix} }`,
    '  default_backend platform-https',
    'backend runs from base',
    '  mode tcp',
    '  retries 10',
    `  timeout server ${timeouts.tunnel}ms`,
    `  server releaser ${run.address}:${run.port}`,
  ];
}

/** Names the listener of what was TLS, among HAProxy's own numbers. */
const httpsId = 901;

function renderHttp({ dir, domain, platformPort, hasPlatformCertificate }: RouterSettings): string[] {
  const paths = routerPaths(dir);
  const tls = `ssl crt ${paths.platformCertificate} alpn h2,http/1.1`;
  const dashboard = `dashboard.${domain}`;
  // Where sessions travel over a network they do it by TLS (platform/addresses: dashboardUrl).
  const isTlsOnly = hasPlatformCertificate && domain !== 'localhost';
  return [
    'frontend platform-http from base',
    `  bind unix@${paths.platformPlainSocket} mode 600 accept-proxy`,
    ...(hasPlatformCertificate ? [`  bind unix@${paths.platformTlsSocket} mode 600 accept-proxy ${tls}`] : []),
    ...(hasPlatformCertificate ? [`  bind unix@${paths.platformHttpsSocket} mode 600 accept-proxy id ${httpsId}`] : []),
    '  timeout client 10m', // a large push over a slow line
    '  acl is_tls ssl_fc',
    `  acl is_tls so_id ${httpsId}`, // it was taken off before
    '  http-request set-var(txn.scheme) str(http)',
    '  http-request set-var(txn.scheme) str(https) if is_tls',
    '  acl is_git path_reg ^/[^/]+(/[^/]+)?\\.git(/|$)',
    `  acl is_exec path_reg ^${execPath}(/|$)`,
    `  acl is_dashboard hdr(host),host_only,lower -m str ${dashboard}`,
    ...registryRules,
    '  acl is_page method GET HEAD',
    ...requestIdRules,
    '  http-request set-header X-Forwarded-For %[src]',
    '  http-request set-header X-Forwarded-Proto %[var(txn.scheme)]',
    '  http-request set-header X-Forwarded-Port %[dst_port]',
    '  http-request set-header X-Forwarded-Host %[req.hdr(host)]',
    ...(isTlsOnly ? ['  http-request redirect scheme https code 308 if is_dashboard !is_tls'] : []),
    `  http-request redirect location "%[var(txn.scheme)]://${dashboard}:${platformPort}/" code 302 if !is_dashboard is_page { path / } { req.fhdr(accept) -m sub text/html }`,
    '  use_backend git if is_git',
    '  use_backend git if is_exec !is_dashboard',
    '  use_backend api if is_dashboard { path_beg /api/ }',
    '  use_backend dashboard if is_dashboard',
    ...registryBackends,
    '  default_backend api',
  ];
}

/** Our own processes. A restart of one is waited for: a refused connection is tried again each second. */
function renderBackends({ dir, api, dashboard, gitHttp, timeouts }: RouterSettings): string[] {
  const { page } = routerPaths(dir);
  const backend = (name: string, { address, port }: Endpoint) => [
    `backend ${name} from platform-parts`,
    `  server ${name} ${address}:${port}`,
  ];
  return [
    'defaults platform-parts from base',
    '  retries 10',
    '  retry-on conn-failure',
    `  timeout server ${timeouts.tunnel}ms`, // builds, log tails and event streams may be silent for long
    `  http-error status 503 content-type "text/html; charset=utf-8" hdr Cache-Control no-store lf-file ${page('platform-down')}`,
    ...backend('api', api),
    ...backend('dashboard', dashboard),
    ...backend('git', gitHttp),
  ];
}

function renderSsh({ bindAddress, sshPort, execAddress, gitSsh, timeouts }: RouterSettings): string[] {
  return [
    'frontend ssh from base',
    '  mode tcp',
    `  bind ${bindAddress}:${sshPort}`,
    ...(execAddress ? [`  bind ${execAddress}:${execPort}`] : []),
    `  timeout client ${timeouts.tunnel}ms`,
    '  default_backend git-ssh',
    'backend git-ssh from base',
    '  mode tcp',
    '  retries 10',
    `  timeout server ${timeouts.tunnel}ms`,
    `  server git ${gitSsh.address}:${gitSsh.port}`,
  ];
}
