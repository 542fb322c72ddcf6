import type { ProcessStart } from './process-type.js';

/** How long debug deploys stay on unless somebody says otherwise, and at the most, minutes. */
export const debugMinutes = 4 * 60;
export const debugMinutesMax = 24 * 60;

/** What is different while debug is on, for a deploy's output. `ssh` is the command that leads to its first process. */
export const describeDebug = (until: Date, ssh: string): string[] => [
  `-----> Debug is on until ${until.toISOString()}:`,
  '       - there is no health gate: this release takes over, whatever becomes of it',
  '       - a process that ends is not started again: its container is held, with its files (/tmp too) as it left them',
  `       - look into it: ${ssh}`,
];

/** A shell line that runs a process's start and then only waits, for a one-off that is looked into. */
export function debugCommand({ command, argv }: Pick<ProcessStart, 'command' | 'argv'>): string {
  const line = argv ? argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ') : command;
  const end = 'echo "The process ended with code $?. Its container is held as it left it."';
  return `(\n${line}\n)\n${end}\nwhile :; do sleep 3600; done`;
}
