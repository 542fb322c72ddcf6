import { z } from 'zod';
import { isSchedule } from './cron-schedule.js';
import { processName } from './process-type.js';
import { sizeNames, sizeRule } from './sizes.js';

export const line = z
  .string('is a command: a text')
  .trim()
  .min(1, 'is empty')
  .max(10_000, 'is longer than 10,000 characters');

export const name = (what: string) =>
  z.string().regex(processName, `is not ${what}: 1 to 30 letters, digits, - and _, a letter first`);

export const size = z.enum(sizeNames, sizeRule);

const quantityRule = 'is a whole number from 0 to 100';
export const quantity = z.int(quantityRule).min(0, quantityRule).max(100, quantityRule);

const processRule = 'is a command, or a map with command, singleton, size and quantity';
export const processes = z
  .record(
    name('a process type'),
    z.union(
      [
        line,
        z.strictObject({
          command: line.optional().meta({ description: 'Shell line; without it the Procfile’s.' }),
          singleton: z
            .boolean('is true or false')
            .optional()
            .meta({ description: 'Never runs twice at a time; `clock` is one anyway.', default: false }),
          size: size.optional().meta({ description: 'Size at the first deploy; later `heroku ps:type` says.' }),
          quantity: quantity
            .optional()
            .meta({ description: 'Quantity at the first deploy; later `heroku ps:scale` says.' }),
        }),
      ],
      processRule,
    ),
    'is a map: process type → command',
  )
  .meta({ description: 'Process types by name; a command here wins over the Procfile’s.' });

const timeoutRule = 'is a number of seconds from 1 to 600';
export const healthcheck = z
  .strictObject(
    {
      path: z.string('starts with /').startsWith('/', 'starts with /').optional().meta({ default: '/' }),
      timeout: z
        .number(timeoutRule)
        .min(1, timeoutRule)
        .max(600, timeoutRule)
        .optional()
        .meta({ description: 'Seconds that a new instance may take to become healthy.', default: 60 }),
      strict: z
        .boolean('is true (only 2xx is healthy) or false')
        .optional()
        .meta({ description: 'true: only 2xx is healthy; false: any answer below 500.', default: false }),
    },
    'is a map with path, timeout (seconds) and strict',
  )
  .meta({ description: 'How the router finds out whether a web instance works.' });

export const agents = z
  .record(
    name('an agent'),
    z.union(
      [
        line,
        z.strictObject({
          command: line,
          processes: z
            .array(name('a process type'), 'is a list of process types')
            .min(1, 'is empty')
            .optional()
            .meta({ description: 'Process types that it runs beside; without it all of them.' }),
        }),
      ],
      'is a command, or a map with command and processes',
    ),
    'is a map: name → command',
  )
  .meta({
    description: 'Side programs in the same container: started in this order before the process, stopped after it.',
  });

const scheduleRule = 'is a schedule in UTC: five fields such as "0 3 * * *", or @hourly, @daily, @weekly, @monthly';
export const cron = z
  .array(
    z.strictObject(
      {
        schedule: z.string(scheduleRule).trim().refine(isSchedule, scheduleRule),
        command: line,
        size: size.optional(),
      },
      'is a map with schedule and command',
    ),
    'is a list of maps with schedule and command',
  )
  .max(50, 'has more than 50 jobs')
  .meta({ description: 'Commands that run at a schedule (UTC), each as a one-off of the current release.' });
