import { environmentCookie, environmentLinkPath } from '@berth/domain/environment-token';
import type { MapName } from './maps.js';

/** The place (maps.ts) of the host that is asked for. */
const placeOfHost = (map: (name: MapName) => string) => `req.hdr(host),host_only,lower,map_str(${map('hosts')})`;

/**
 * Whether `token` (a fetch of a signed token, packages/domain/src/environment-token.ts) holds for the host: then `txn.mark` is its
 * environment. secure_memcmp takes the same time for every wrong signature.
 */
function checkToken(token: string, key: string, map: (name: MapName) => string): string[] {
  const isGiven = 'if { var(txn.sig) -m found }';
  return [
    `  http-request set-var(txn.sig) ${token},field(-1,~)`,
    `  http-request set-var(txn.base) ${placeOfHost(map)},field(2,:) ${isGiven}`,
    `  http-request set-var(txn.want) '${token},regsub("~[^~]*$",""),concat(@,txn.base),hmac(sha256,${key}),hex,lower' ${isGiven}`,
    `  http-request set-var(txn.until) ${token},field(2,~) ${isGiven}`,
    `  http-request set-var(txn.mark) ${token},field(1,~) ${isGiven} { var(txn.base) -m found } { var(txn.want),secure_memcmp(txn.sig) } { date,sub(txn.until) lt 0 }`,
  ];
}

/**
 * `txn.own` = the members of baggage that the edge vouches for: those of a valid cookie, else, on the host of a project's own
 * app, its environment. Requests without the cookie to other hosts pay for a look at Cookie and Host.
 */
export function vouch(key: string, map: (name: MapName) => string): string[] {
  const token = `req.cook(${environmentCookie})`;
  const isMarked = '{ var(txn.mark) -m found }';
  return [
    ...checkToken(token, key, map),
    `  http-request set-var(txn.to) var(txn.base),concat(/,txn.mark),map_str(${map('marks')}) if ${isMarked}`,
    `  http-request set-var(txn.trace) '${token},regsub("^[^~]*~[^~]*~([0-9a-f-]{36})~[^~]*$","\\\\1")' if ${isMarked} { ${token} -m reg ~[0-9a-f-]{36}~ }`,
    `  http-request set-var(txn.to) ${placeOfHost(map)} if !{ var(txn.to) -m found } { req.hdr(host) -m sub -- -- }`,
    '  http-request set-var-fmt(txn.own) berth-env=%[var(txn.to),field(3,:)] if { var(txn.to) -m found } { var(txn.to),field(3,:) -m len gt 0 }',
    '  http-request set-var-fmt(txn.own) %[var(txn.own)],berth-trace=%[var(txn.trace)] if { var(txn.own) -m found } { var(txn.trace) -m found }',
  ];
}

/** Sends a request of the link's path on any app's host to the backend below. */
export const toLink = `  use_backend link if { path ${environmentLinkPath} }`;

/**
 * `/.berth/env?t=<token>&to=<path>` keeps the token as the host's cookie and goes on to the path, without `t` it clears the cookie.
 * `to` is a plain path: it leads to no other host.
 */
export function renderLink(
  key: string,
  { map, page }: { map: (name: MapName) => string; page: (name: string) => string },
): string[] {
  const goOn = (value: string, condition: string) =>
    `  http-request return status 303 hdr Location %[var(txn.dest)] hdr Cache-Control no-store hdr Set-Cookie "${environmentCookie}=${value}; Path=/; HttpOnly; SameSite=Lax" ${condition}`;
  const isValid = '{ var(txn.mark) -m found }';
  return [
    'backend link from base',
    '  http-request set-var(txn.err) str(~link)',
    '  http-request set-var(txn.dest) str(/)',
    '  http-request set-var(txn.dest) url_param(to) if { url_param(to) -m reg ^/([A-Za-z0-9._~-][A-Za-z0-9/._~-]*)?$ }',
    goOn('; Max-Age=0', 'unless { url_param(t) -m found }'),
    '  http-request unset-var(txn.mark)',
    ...checkToken('url_param(t)', key, map),
    goOn('%[url_param(t)]; Secure', `if ${isValid} { ssl_fc }`),
    goOn('%[url_param(t)]', `if ${isValid}`),
    `  http-request return status 403 content-type "text/html; charset=utf-8" hdr Cache-Control no-store lf-file ${page('link')}`,
  ];
}
