import { UserError } from '@berth/domain/errors';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';

/** The request's JSON body by its schema; a wrong one is a UserError that names the first wrong field. */
export function parseBody<T extends z.ZodType>(schema: T, request: FastifyRequest): z.infer<T> {
  return parse(schema, request.body ?? {});
}

/** The same of its query, whose values are strings. */
export function parseQuery<T extends z.ZodType>(schema: T, request: FastifyRequest): z.infer<T> {
  return parse(schema, request.query);
}

function parse<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.');
  throw new UserError(
    'invalid_params',
    field ? `${field}: ${issue?.message}.` : `The body is not as expected: ${issue?.message}.`,
  );
}
