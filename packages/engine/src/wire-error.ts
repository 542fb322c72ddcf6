import { type ErrorCode, TransientError, UserError } from '@berth/domain/errors';

/** An error as it crosses the socket: its kind and code survive, its stack does not. */
export type WireError =
  | { kind: 'user'; code: ErrorCode; message: string; resource?: string; detail?: string }
  | { kind: 'transient'; message: string }
  | { kind: 'internal'; message: string };

export function toWireError(error: unknown): WireError {
  if (error instanceof UserError)
    return {
      kind: 'user',
      code: error.code,
      message: error.publicMessage,
      ...(error.resource === undefined ? {} : { resource: error.resource }),
      ...(error.detail === undefined ? {} : { detail: error.detail }),
    };
  const message = error instanceof Error ? error.message : String(error);
  return { kind: error instanceof TransientError ? 'transient' : 'internal', message };
}

export function fromWireError(wire: WireError): Error {
  if (wire.kind === 'transient') return new TransientError(wire.message);
  if (wire.kind === 'internal') return new Error(`Engine: ${wire.message}`);
  const { resource, detail } = wire;
  return new UserError(wire.code, wire.message, {
    ...(resource === undefined ? {} : { resource }),
    ...(detail === undefined ? {} : { detail }),
  });
}
