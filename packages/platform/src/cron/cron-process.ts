/** `cron.1`: the first job of the file, in logs and as DYNO. */
export const cronProcess = (position: number): string => `cron.${position}`;
