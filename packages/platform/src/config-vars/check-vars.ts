import { UserError } from '@berth/domain/errors';

/** All keys and values of an app together, bytes: they are one process's environment. */
const totalBytesMax = 64 * 1024;

/** Throws for config vars that cannot be a process's environment. */
export function checkVars(vars: ReadonlyMap<string, string>): void {
  for (const [key, value] of vars)
    if (value.includes('\0')) throw new UserError('invalid_params', `Config var ${key} must not contain a NUL.`);
  if (Buffer.byteLength([...vars].flat().join('')) > totalBytesMax)
    throw new UserError('invalid_params', `All config vars together may have ${totalBytesMax / 1024} KiB at most.`);
}
