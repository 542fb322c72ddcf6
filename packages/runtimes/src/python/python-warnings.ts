import type { PythonBuild } from './python-version.js';

/** Relocatable builds before this minor were made without some libraries. */
const completeFrom = 12;
const lacking = 'sqlite3, lzma, readline and curses';

/** What people should know of the Python that they got for a wish. */
export function pythonWarnings(
  wish: string | undefined,
  { version, source }: PythonBuild,
  stack: PythonBuild,
): readonly string[] {
  const minor = version.split('.').slice(0, 2).join('.');
  const exact = /^(?:c?python[-@ ]?)?v?(?:={2,3}\s*)?(\d+\.\d+\.\d+)$/.exec((wish ?? '').trim())?.[1];
  const isOlder = source.kind === 'artifact';
  return [
    ...(exact && exact !== version && exact.startsWith(`${minor}.`)
      ? [`There is no Python ${exact}; ${version} is the ${minor} that there is.`]
      : []),
    ...(isOlder
      ? [`Python ${version} is an older patch of ${minor}, without later security fixes. ${stack.version} gets them.`]
      : []),
    ...(isOlder && Number(minor.split('.')[1]) < completeFrom
      ? [`This Python ${minor} comes without the modules ${lacking}.`]
      : []),
  ];
}
