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
