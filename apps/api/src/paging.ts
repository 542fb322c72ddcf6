import { UserError } from '@berth/domain/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * One page of a list, as the Platform API's `Range` header asks: `version ]5..; order=desc, max=10`
 * (https://devcenter.heroku.com/articles/platform-api-reference#ranges). `[` or nothing includes the bound, `]` excludes it.
 */
export interface Range {
  field: string;
  from: Bound | undefined;
  to: Bound | undefined;
  isDescending: boolean;
  max: number;
}

interface Bound {
  value: string;
  isExclusive: boolean;
}

const maxDefault = 200;
const maxMost = 1000;
const form = /^\s*(?<field>[a-z_]+)\s+(?<from>[[\]]?[^.;\s]*)\.\.(?<to>[^;[\]\s]*[[\]]?)\s*(?:;(?<options>.*))?$/;

/** Parses a Range header; an empty one, or one by another field than the list has, is the whole list from its start. */
export function parseRange(header: string | undefined, field: string): Range {
  const whole = { field, from: undefined, to: undefined, isDescending: false, max: maxDefault };
  if (!header?.trim()) return whole;
  const groups = form.exec(header)?.groups;
  if (!groups) throw new UserError('bad_request', `Couldn't read the Range header: ${header}.`);
  const options = parseOptions(groups.options ?? '');
  const isKnown = groups.field === field;
  return {
    ...whole,
    from: isKnown ? parseBound(groups.from) : undefined,
    to: isKnown ? parseBound(groups.to) : undefined,
    isDescending: options.order === 'desc',
    max: Math.min(Math.max(Number(options.max) || maxDefault, 1), maxMost),
  };
}

function parseOptions(text: string): Record<string, string> {
  const pairs = text.split(/[,;]/).map((pair) => pair.trim().split('='));
  return Object.fromEntries(pairs.filter(([name]) => name).map(([name, value]) => [name, value ?? '']));
}

function parseBound(text: string | undefined): Bound | undefined {
  const value = text?.replace(/[[\]]/g, '');
  return value ? { value, isExclusive: text?.includes(']') ?? false } : undefined;
}

/** Cuts one page out of a list. `keyOf` is the value of the range's field; the items may come in any order. */
export function cutPage<T>(
  items: readonly T[],
  range: Range,
  keyOf: (item: T) => string | number,
): { page: T[]; nextRange: string | undefined } {
  const direction = range.isDescending ? -1 : 1;
  const sorted = items
    .filter((item) => isAfter(keyOf(item), range.from, direction) && isAfter(keyOf(item), range.to, -direction))
    .sort((a, b) => direction * compare(keyOf(a), keyOf(b)));
  const page = sorted.slice(0, range.max);
  const last = page.at(-1);
  if (sorted.length <= range.max || last === undefined) return { page, nextRange: undefined };
  const order = range.isDescending ? 'desc' : 'asc';
  return { page, nextRange: `${range.field} ]${keyOf(last)}..; order=${order}, max=${range.max}` };
}

const compare = (a: string | number, b: string | number) =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;

function isAfter(key: string | number, bound: Bound | undefined, direction: number): boolean {
  if (!bound) return true;
  const order = direction * compare(key, typeof key === 'number' ? Number(bound.value) : bound.value);
  return bound.isExclusive ? order > 0 : order >= 0;
}

/** Answers a list by the request's Range header: 206 with `Next-Range` when there is more. */
export function sendPage<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  items: readonly T[],
  field: { name: string; keyOf: (item: T) => string | number; toWire: (item: T) => unknown },
): FastifyReply {
  const header = request.headers.range;
  const { page, nextRange } = cutPage(items, parseRange(header, field.name), field.keyOf);
  reply.header('accept-ranges', field.name);
  if (nextRange) reply.code(206).header('next-range', nextRange);
  const [first, last] = [page[0], page.at(-1)];
  if (first !== undefined && last !== undefined)
    reply.header('content-range', `${field.name} ${field.keyOf(first)}..${field.keyOf(last)}`);
  return reply.send(page.map(field.toWire));
}
