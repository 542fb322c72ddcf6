import { describe, expect, it } from 'vitest';
import { berthJsonSchema, schemasAt } from './berth-json-schema.js';

describe('the JSON Schema of berth.yaml', () => {
  it('is the one in docs/ (renewed by `npx vitest run --project unit -u packages/domain`)', async () => {
    const text = `${JSON.stringify(berthJsonSchema(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../../../docs/berth.schema.json');
  });

  it('allows no key that it does not know, at any place', () => {
    const open = (schema: unknown, path: string): string[] => {
      if (typeof schema !== 'object' || schema === null) return [];
      const { type, additionalProperties } = schema as { type?: unknown; additionalProperties?: unknown };
      const here = type === 'object' && additionalProperties === undefined ? [path] : [];
      return [...here, ...Object.entries(schema).flatMap(([key, value]) => open(value, `${path}/${key}`))];
    };
    expect(open(berthJsonSchema(), '')).toEqual([]);
  });

  it('describes every key at the top', () => {
    const { properties = {} } = berthJsonSchema();
    for (const [key, { description }] of Object.entries(properties)) expect(description, key).toBeTypeOf('string');
  });

  it('is found by place, through maps, lists and alternatives', () => {
    const keysAt = (path: (string | number)[]) =>
      schemasAt(path).flatMap(({ properties }) => Object.keys(properties ?? {}));
    expect(keysAt(['processes', 'web'])).toEqual(['command', 'singleton', 'size', 'quantity']);
    expect(keysAt(['cron', 0])).toEqual(['schedule', 'command', 'size']);
    expect(schemasAt(['nowhere', 'x'])).toEqual([]);
  });
});
