import { redisPort } from '@berth/domain/data-port';
import { detourHeader } from '@berth/domain/tether-ports';
import { renderLink, toLink, vouch } from './render-link.js';
import { choosePlace, replaceMarks } from './render-mark.js';
import { wakeRules } from './render-wake.js';
import { requestIdRules } from './request-id.js';
import { type RouterSettings, routerPaths } from './router-settings.js';
import { type LiveServers, serverArguments } from './server-line.js';
import { slotNames } from './slots.js';

/**
 * One JSON object per request; parse-request-line.ts reads it. `%s` is the instance's id, `v` the reason of an answer that the
 * router gave itself. User fields are escaped: odd bytes must not break the line.
 */
const logFormat = [
  '{"t":%[request_date(ms)],"i":"%[var(txn.id)]","m":"%HM","h":"%[capture.req.hdr(0),json(utf8s)]","p":"%[capture.req.uri,json(utf8s)]"',
  '"f":"%ci","n":"%f","e":"%[var(txn.env)]","b":"%b","s":"%s","w":%Tw,"c":%Tc,"r":%Tr,"a":%Ta,"st":%ST,"B":%B',
  '"x":"%tsc","v":"%[var(txn.err)]","k":"%[var(txn.to),field(3,:)]","o":"%[var(txn.trace)]"}',
].join(',');

/** The apps' ports, the internal router, and what all backends of apps share. */
export function renderApps(settings: RouterSettings): string[] {
  return [
    ...renderEdge(settings),
    ...renderInternal(settings),
    ...renderRedis(settings),
    ...renderSpecial(settings),
    ...renderDetour(settings),
    ...renderLink(settings.linkKey, routerPaths(settings.dir)),
    ...renderAppsDefaults(settings),
  ];
}

function renderEdge(settings: RouterSettings): string[] {
  const { dir, bindAddress, appsPort, appsTlsPort, hasAppsCertificate, internal, linkKey } = settings;
  const paths = routerPaths(dir);
  return [
    'frontend edge from base',
    `  bind ${bindAddress}:${appsPort}`,
    ...(bindAddress === '*' ? [] : [`  bind ${internal.address}:${appsPort}`]), // for our own processes
    ...(hasAppsCertificate
      ? [`  bind ${bindAddress}:${appsTlsPort} ssl crt-list ${paths.crtList} alpn h2,http/1.1`]
      : []),
    ...requestLog,
    `  http-request set-var(txn.be) req.hdr(host),host_only,lower,map_str(${paths.map('edge')},~404)`,
    ...vouch(linkKey, paths.map),
    ...replaceMarks(),
    ...requestIdRules,
    ...forwarded,
    ...wakeRules,
    toLink,
    ...toBackend,
  ];
}

/**
 * http://<service>.internal: answered by the environment that the call is for, if it has the service, else by its base; an
 * unknown caller gets 403, whatever it claims.
 */
function renderInternal({ dir, internal, tetherPort, api }: RouterSettings): string[] {
  const paths = routerPaths(dir);
  return [
    'frontend internal from base',
    `  bind ${internal.address}:${internal.port}`,
    `  bind ${internal.address}:${tetherPort}`,
    // who else comes there is taken for what its own address says
    `  tcp-request connection expect-proxy layer4 if { dst_port ${tetherPort} } { src ${api.address} }`,
    ...requestLog,
    '  http-request set-var(txn.host) req.hdr(host),host_only,lower',
    ...choosePlace(paths.map),
    `  http-request set-var(txn.be) var(txn.env),concat(/,txn.host),map_str(${paths.map('internal')})`,
    `  http-request set-var(txn.be) var(txn.net),field(2,:),concat(/,txn.host),map_str(${paths.map('internal')},~404) unless { var(txn.be) -m found }`,
    '  http-request set-var(txn.be) str(~403) if { var(txn.env) -m str ~ }',
    ...requestIdRules,
    ...forwarded,
    ...wakeRules,
    ...toBackend,
  ];
}

/**
 * Connections of people's machines to Redis servers. Each goes where its PROXY line says (`0.0.0.0`: where the client wanted to), which
 * the API alone may send, and only to that port of environments' networks.
 */
function renderRedis({ internal, redisTether, api, timeouts }: RouterSettings): string[] {
  return [
    'frontend redis from base',
    '  mode tcp',
    `  bind ${internal.address}:${redisTether.port}`,
    `  tcp-request connection reject unless { src ${api.address} }`,
    '  tcp-request connection expect-proxy layer4',
    `  tcp-request session reject unless { dst ${redisTether.networks} } { dst_port ${redisPort} }`,
    `  timeout client ${timeouts.tunnel}ms`,
    '  default_backend redis',
    'backend redis from base',
    '  mode tcp',
    `  timeout server ${timeouts.tunnel}ms`,
    '  server wanted 0.0.0.0:0',
  ];
}

const requestLog = [
  '  log ring@requests len 4096 local0',
  `  log-format '${logFormat}'`,
  '  http-request capture req.hdr(host) len 128',
];

/** What a client says about itself is replaced: nobody can forge an address. */
const forwarded = [
  '  http-request set-header X-Forwarded-For %[src]',
  '  http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]',
  '  http-request set-header X-Forwarded-Port %[dst_port]',
  '  http-request set-header X-Request-Start %[date(0,ms)]',
];

const toBackend = [
  '  use_backend %[var(txn.be)] unless { var(txn.be) -m beg ~ }',
  '  use_backend detour if { var(txn.be) -m beg ~d: }',
  '  default_backend special',
];

/** Answers without an app. */
function renderSpecial({ dir }: RouterSettings): string[] {
  const { page } = routerPaths(dir);
  const answer = (status: number, name: string, condition: string) =>
    `  http-request return status ${status} content-type "text/html; charset=utf-8" hdr Cache-Control no-store lf-file ${page(name)}${condition}`;
  return [
    'backend special from base',
    '  http-request set-var(txn.err) var(txn.be) unless { var(txn.err) -m found }',
    answer(503, 'asleep', ' if { var(txn.err) -m str ~bot }'),
    answer(503, 'not-awake', ' if { var(txn.be) -m beg ~w }'),
    answer(503, 'maintenance', ' if { var(txn.be) -m beg ~m }'),
    answer(503, 'empty', ' if { var(txn.be) -m beg ~e }'),
    answer(403, 'forbidden', ' if { var(txn.be) -m str ~403 }'),
    answer(404, 'unknown', ''),
  ];
}

/** Calls that somebody's machine answers: the API has the way to it. */
function renderDetour({ detours }: RouterSettings): string[] {
  const away = 'Somebody’s own machine answers for this service, and Berth cannot reach it now: try again.';
  return [
    'backend detour from base',
    '  retries 2',
    '  retry-on conn-failure',
    `  http-error status 503 content-type "text/plain; charset=utf-8" hdr Cache-Control no-store string "${away}\\n"`,
    `  http-request set-header ${detourHeader} %[var(txn.be),field(2,:)]`,
    `  server api ${detours.address}:${detours.port}`,
  ];
}

/**
 * Everything that backends share stands in their defaults: a rule of its own in each of 5,000 backends is cold memory and
 * cost 5 µs per request. Only connections that were refused are tried again; nothing an app may have read is.
 */
function renderAppsDefaults({ dir, timeouts }: RouterSettings): string[] {
  const { page, map } = routerPaths(dir);
  const error = (status: number, name: string) =>
    `  http-error status ${status} content-type "text/html; charset=utf-8" hdr Cache-Control no-store lf-file ${page(name)}`;
  const shared = [
    '  retries 2',
    '  option redispatch 1',
    '  retry-on conn-failure',
    '  option abortonclose',
    '  http-reuse safe',
    `  http-response set-timeout server ${timeouts.idle}ms`,
    error(502, 'bad-answer'),
    error(503, 'no-instance'),
    error(504, 'timeout'),
    '  timeout check 5s',
    '  option httpchk',
    `  http-check send meth GET uri-lf "%[be_name,map_str(${map('health')},/)]" ver HTTP/1.1 hdr Host localhost hdr User-Agent berth-health`,
  ];
  return [
    'defaults any from base',
    ...shared,
    '  http-check expect status 100-499',
    'defaults strict from base',
    ...shared,
    '  http-check expect status 200-299',
  ];
}

/** The stock, with the servers that serve now. */
export function renderLiveBackends({ stock }: RouterSettings, live: LiveServers): string[] {
  return slotNames(stock).flatMap((slot) => [
    `backend ${slot} from ${slot.replace(/\d+$/, '')}`,
    ...(live.get(slot) ?? []).map((server) => `  server ${server.name} ${serverArguments(server)}`),
  ]);
}
