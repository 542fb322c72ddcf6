import { randomBytes } from 'node:crypto';
import { type ErrorCode, publicError, TransientError, UserError } from '@berth/domain/errors';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** The only place that knows an HTTP status for an error; codes that are not named here are 422. */
const statuses: Partial<Record<ErrorCode, number>> = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  cancelled: 409,
  superseded: 409,
  too_large: 413,
  invalid_params: 422,
  rate_limited: 429,
};

/** Heroku's error body; `resource` tells the CLI what a 404 means. */
interface WireError {
  id: string;
  message: string;
  resource?: string;
}

/** Answers any error as JSON: the customer's as it is, fastify's own as bad_request, ours as 500 with an id that is logged. */
export function answerError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = describeError(error, request);
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="Berth"'); // Basic would make browsers ask for a password
  reply.code(status).send(body);
}

function describeError(error: FastifyError | Error, request: FastifyRequest): { status: number; body: WireError } {
  if (error instanceof UserError) {
    const body = { id: error.code, message: error.publicMessage };
    return { status: statuses[error.code] ?? 422, body: error.resource ? { ...body, resource: error.resource } : body };
  }
  if ('statusCode' in error && error.statusCode !== undefined && error.statusCode < 500)
    return { status: error.statusCode, body: { id: 'bad_request', message: sentence(error.message) } };
  const id = `err_${randomBytes(6).toString('hex')}`;
  request.log.error({ err: error, id }, 'request failed');
  const { code, message } = publicError(error, id);
  return { status: error instanceof TransientError ? 503 : 500, body: { id: code, message } };
}

const sentence = (text: string) => (text.endsWith('.') ? text : `${text}.`);

/** For a path or method that is not there. */
export function answerUnknownRoute(_request: FastifyRequest, reply: FastifyReply): void {
  reply.code(404).send({
    id: 'not_found',
    message:
      'The requested API endpoint was not found. Are you using the right HTTP verb (i.e. `GET` vs. `POST`), and did you specify your intended version with the `Accept` header?',
  });
}
