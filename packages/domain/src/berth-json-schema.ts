import { z } from 'zod';
import { berthYamlSchema } from './berth-yaml-schema.js';
import type { Path } from './parse-yaml-file.js';

/** The parts of JSON Schema (draft 7) that zod writes for berth.yaml. */
export interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  [keyword: string]: unknown;
}

/** JSON Schema of berth.yaml and app.yaml for editors: draft 7, which the YAML language server reads. */
export function berthJsonSchema(): JsonSchema {
  made ??= {
    title: 'berth.yaml',
    description: 'How Berth builds and runs an app: docs/berth-yaml.md.',
    ...(z.toJSONSchema(berthYamlSchema, { io: 'input', target: 'draft-7' }) as JsonSchema),
  };
  return made;
}

let made: JsonSchema | undefined;

/** What may stand at a place of the file (`['processes', 'web']`, `['cron', 0]`): none where nothing is known. */
export function schemasAt(path: Path): JsonSchema[] {
  let found = alternatives(berthJsonSchema());
  for (const key of path)
    found = found
      .flatMap(({ properties, additionalProperties, items }) => {
        if (typeof key === 'number') return [items];
        return [properties && Object.hasOwn(properties, key) ? properties[key] : additionalProperties];
      })
      .flatMap((schema) => (typeof schema === 'object' ? alternatives(schema) : []));
  return found;
}

const alternatives = (schema: JsonSchema): JsonSchema[] => schema.anyOf?.flatMap(alternatives) ?? [schema];
