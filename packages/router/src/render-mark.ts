import type { MapName } from './maps.js';

/**
 * The mark: `berth-env=<environment>` in the W3C `baggage` header says for which project environment a request is, and travels
 * along the call chain (docs/environments.md). Requests without the header pay for one look at their headers here.
 */

/** Header lines of baggage that are read; W3C Baggage 3.3.1 allows several, propagators send one. */
const linesMax = 3;

/** `txn.in` = the header, its last lines joined by commas; not set without one. */
function readBaggage(): string[] {
  return [
    '  http-request set-var(txn.in) req.fhdr(baggage)',
    ...Array.from(
      { length: linesMax - 1 },
      (_, index) =>
        `  http-request set-var(txn.in) 'req.fhdr(baggage,-${index + 2}),concat(",",txn.in)' if { var(txn.in) -m found } { req.fhdr_cnt(baggage) gt ${index + 1} }`,
    ),
  ];
}

/** A converter that removes the members whose key begins so, and the comma that it may leave in front. */
const without = (key: string) => `regsub('"(^|,)[^,=[:alnum:]_.-]*${key}[^,]*"','""',gi),regsub('"^,"','""')`;

/**
 * What a client outside says about environments is dropped, and what the edge vouches for (`txn.own`) comes first. A space before the key may be any that some language trims (U+00A0
 * and U+0085 among them): so all that is no part of a name counts as one. Lines beyond the last three go with it.
 */
export function replaceMarks(): string[] {
  return [
    ...readBaggage(),
    `  http-request set-var(txn.in) var(txn.in),${without('berth-')} if { var(txn.in) -m sub -i berth- }`,
    '  http-request del-header baggage if { var(txn.in) -m found }',
    '  http-request set-header baggage %[var(txn.in)] if { var(txn.in) -m len gt 0 }',
    '  http-request set-header baggage %[var(txn.own)] if { var(txn.own) -m found } !{ var(txn.in) -m len gt 0 }',
    '  http-request set-header baggage %[var(txn.own)],%[var(txn.in)] if { var(txn.own) -m found } { var(txn.in) -m len gt 0 }',
  ];
}

/**
 * `txn.net` = the place that a call of an instance is for (maps.ts): that of the mark, if the mark counts for this caller, else
 * that of the caller's network. A call out of a project's network without a mark gets one, else the next hop would lose it.
 */
export function choosePlace(map: (name: MapName) => string): string[] {
  const isOwn = '!{ var(txn.to) -m found } { var(txn.net),field(3,:) -m len gt 0 }';
  return [
    `  http-request set-var(txn.net) src,map_ip(${map('subnets')},~)`,
    ...readBaggage(),
    // the last one counts; without a match this is the whole header, which no key of the map is
    `  http-request set-var(txn.mark) var(txn.in),regsub('"^(.*,)?[[:space:]]*berth-env=([a-z0-9-]+)[[:space:]]*([;,].*)?$"','"\\\\2"') if { var(txn.in) -m sub berth-env= }`,
    `  http-request set-var(txn.trace) var(txn.in),regsub('"^(.*,)?[[:space:]]*berth-trace=([0-9a-f-]{36})[[:space:]]*([;,].*)?$"','"\\\\2"') if { var(txn.in) -m sub berth-trace= }`,
    `  http-request set-var(txn.to) var(txn.net),field(2,:),concat(/,txn.mark),map_str(${map('marks')}) if { var(txn.mark) -m found }`,
    `  http-request set-var(txn.in) var(txn.in),${without('berth-env=')} if { var(txn.in) -m found } ${isOwn}`,
    `  http-request set-header baggage berth-env=%[var(txn.net),field(3,:)],%[var(txn.in)] if { var(txn.in) -m len gt 0 } ${isOwn}`,
    `  http-request set-header baggage berth-env=%[var(txn.net),field(3,:)] if !{ var(txn.in) -m len gt 0 } ${isOwn}`,
    '  http-request set-var(txn.net) var(txn.to) if { var(txn.to) -m found }',
    '  http-request set-var(txn.env) var(txn.net),field(1,:)',
  ];
}
