import { UserError } from './errors.js';

/** What is the image's or the kernel's own. */
const reserved = ['bin', 'boot', 'dev', 'etc', 'lib', 'lib64', 'opt', 'proc', 'run', 'sbin', 'sys', 'tmp', 'usr'];

/** Where a volume is mounted unless its app says otherwise. */
export const defaultMountPath = '/data';

/** A directory of the app's container that may be a volume. Throws a UserError that says what is wrong. */
export function parseMountPath(path: string): string {
  if (!/^(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$/.test(path) || path.length > 200)
    throw new UserError(
      'invalid_params',
      'The path of a volume is an absolute one like /data or /app/storage, without a slash at the end.',
    );
  const [first = '', second] = path.split('/').slice(1);
  if (reserved.includes(first) || (first === 'app' && second === undefined))
    throw new UserError('invalid_params', `${path} is not for volumes: take /data, or a directory below /app.`);
  return path;
}

/** Whether one of two paths lies in the other. */
export const isWithin = (path: string, other: string): boolean =>
  path === other || path.startsWith(`${other}/`) || other.startsWith(`${path}/`);
