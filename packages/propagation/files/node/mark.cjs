'use strict';

// What the mark is as text, and who may see it.

/** One member of baggage that is ours, as the router writes it; with properties (`;a=b`) behind it, which are dropped. */
const ownMember = /^(berth-[a-z]+)[ \t]*=[ \t]*([\w.:-]{1,128})[ \t]*(?:;.*)?$/;

/** Servers refuse headers of some length; then the app's own are worth more than ours. */
const headerMax = 8_000;

const hosts = (process.env.BERTH_PROPAGATE_TO || '.internal')
  .toLowerCase()
  .split(',')
  .map((host) => host.trim())
  .filter(Boolean);

/** Is this host name one of our own services? `.internal` means all below it, `a.internal` that one and all below it. */
function isOurs(host) {
  const name = String(host).toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
  return hosts.some((one) => (one.startsWith('.') ? name.endsWith(one) : name === one || name.endsWith(`.${one}`)));
}

/** The mark in a baggage header: its members that are ours, the last of each name; undefined when there is none. */
function readMark(baggage) {
  if (!baggage?.includes('berth-')) return undefined;
  const found = new Map();
  for (const member of baggage.split(',')) {
    const [, name, value] = ownMember.exec(member.trim()) ?? [];
    if (name) found.set(name, value);
  }
  return found.size === 0 ? undefined : [...found].map(([name, value]) => `${name}=${value}`).join(',');
}

/** The app's own baggage header with the mark behind it. What the app says itself of a member counts. */
function withMark(own, mark) {
  if (own === undefined || own === null || own === '') return mark;
  const text = String(own);
  const has = (member) => {
    const name = member.slice(0, member.indexOf('='));
    return text.split(',').some((one) => one.split('=')[0].trim() === name);
  };
  const missing = mark.split(',').filter((member) => !has(member));
  const all = [text, ...missing].join(',');
  return all.length > headerMax ? text : all;
}

/** A baggage header for somebody outside: a tracer of the app hands on whatever came in. Undefined when nothing is left. */
function withoutMark(own) {
  const left = String(own)
    .split(',')
    .filter((member) => !member.trim().startsWith('berth-'));
  return left.length === 0 ? undefined : left.join(',');
}

/** What a host gets as baggage: `own` is what the app says, `mark` under which it works, if any. */
const baggageFor = (host, own, mark) => {
  if (isOurs(host)) return mark === undefined ? own : withMark(own, mark);
  return own === undefined || own === null ? undefined : withoutMark(own);
};

module.exports = { baggageFor, readMark };
