import { UserError } from '@berth/domain/errors';
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';

const names = z.object({ name: z.string().optional().catch(undefined) }).catch({});

/** What we read of a pyproject.toml; a part with an unexpected form counts as not there. */
const pyproject = z.object({
  project: z
    .object({
      name: z.string().optional().catch(undefined),
      'requires-python': z.string().optional().catch(undefined),
      dependencies: z.array(z.string()).optional().catch(undefined),
      dynamic: z.array(z.string()).default([]).catch([]),
      scripts: z.record(z.string(), z.string()).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  'build-system': z.object({}).optional().catch(undefined),
  tool: z
    .object({
      poetry: z
        .object({
          name: z.string().optional().catch(undefined),
          'package-mode': z.boolean().optional().catch(undefined),
          packages: z.array(z.unknown()).optional().catch(undefined),
          dependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
          source: z.array(names).default([]).catch([]),
        })
        .optional()
        .catch(undefined),
      uv: z
        .object({
          package: z.boolean().optional().catch(undefined),
          index: z.array(names).default([]).catch([]),
        })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});
export type Pyproject = z.infer<typeof pyproject>;

/** The app's pyproject.toml, or undefined; one that is not TOML is a UserError with the line. */
export function readPyproject(text: string | undefined): Pyproject | undefined {
  return text === undefined ? undefined : pyproject.parse(readToml('pyproject.toml', text));
}

export function readToml(path: string, text: string): Record<string, unknown> {
  try {
    return parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const place = error instanceof TomlError ? `, line ${error.line}` : '';
    const reason = error instanceof Error ? error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '') : '';
    throw new UserError('bad_request', `${path}${place} is not valid TOML: ${reason}.`, { cause: error });
  }
}
