import { z } from 'zod';
import { agents, cron, healthcheck, line, name, quantity, size } from './berth-yaml-run-schema.js';

/** Keys of berth.yaml that make the image, which is the same one in every environment: no section of `environments` has them. */
export const imageKeys: readonly string[] = [
  ...['runtime', 'root', 'stack', 'buildpacks', 'build', 'caches', 'files', 'propagation'],
];

const processRule = 'is a command, or a map with command, size and quantity';
const processes = z
  .record(
    name('a process type'),
    z.union(
      [line, z.strictObject({ command: line.optional(), size: size.optional(), quantity: quantity.optional() })],
      processRule,
    ),
    'is a map: process type → command',
  )
  .meta({ description: 'Of process types that the app has: another command, first quantity or size.' });

const changedAgents = z
  .record(
    name('an agent'),
    z.union(
      [
        line,
        z.null(),
        z.strictObject({ command: line.optional(), processes: agents.valueType.options[1].shape.processes }),
      ],
      'is a command, a map with command and processes, or null',
    ),
    'is a map: name → command',
  )
  .meta({ description: 'Agents by name, after those at the top; null takes one away.' });

const section = z.strictObject(
  {
    processes: processes.optional(),
    release: line.nullable().optional().meta({ description: 'Another release command; null: none.' }),
    agents: changedAgents.optional(),
    cron: cron.optional().meta({ description: 'In place of the whole list at the top; []: none.' }),
    healthcheck: healthcheck.optional(),
  },
  'is a map with processes, release, agents, cron and healthcheck',
);

const environmentRule = 'is not an environment: 2 to 30 lowercase letters, digits and dashes';

export const environments = z
  .record(
    z.string().regex(/^[a-z][a-z0-9-]{0,28}[a-z0-9]$/, environmentRule),
    section,
    'is a map: environment → what differs',
  )
  .meta({
    description:
      'What differs by environment, laid over the rest: sections by the name of a stable environment, and `project` for all project environments.',
  });

const serviceRule = 'is not a service: 2 to 30 lowercase letters, digits and dashes';

export const needs = z
  .array(z.string(serviceRule).regex(/^[a-z][a-z0-9-]{0,28}[a-z0-9]$/, serviceRule), 'is a list of services')
  .max(50, 'has more than 50 services')
  .meta({ description: 'Services that are started before this one in a new project environment.' });
