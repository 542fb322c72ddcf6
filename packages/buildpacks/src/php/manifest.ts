import { UserError } from '@berth/domain/errors';
import { z } from 'zod';
import type { SourceView } from '../source-view.js';

/** PHP writes an empty map as an empty list. */
const map = <T extends z.ZodType>(value: T) => z.record(z.string(), value).catch({}).default({});
const texts = map(z.string());

const repository = z.object({ type: z.string().optional(), url: z.string().optional() });

/** What we read of a composer.json; a part with an unexpected form counts as not there. */
const manifest = z.object({
  require: texts,
  autoload: map(z.unknown()),
  scripts: map(z.unknown()),
  repositories: z
    .union([z.array(z.unknown()), z.record(z.string(), z.unknown()).transform((one) => Object.values(one))])
    .catch([])
    .default([])
    .transform((all) => all.flatMap((one) => repository.safeParse(one).data ?? [])),
  config: z
    .object({ 'vendor-dir': z.string().optional().catch(undefined) })
    .catch({})
    .default({}),
  extra: map(z.unknown()),
});
export type ComposerManifest = z.infer<typeof manifest>;

const lockPackage = z.object({ name: z.string(), require: texts, provide: texts, replace: texts });
const lockfile = z.object({ packages: z.array(lockPackage).catch([]).default([]) });
export type ComposerLock = z.infer<typeof lockfile>;

/** The app's composer.json, or what an app without one would say. */
export const readComposerJson = ({ texts: all }: SourceView): ComposerManifest =>
  manifest.parse(readJson('composer.json', all['composer.json'] ?? '{}'));

/** The packages of its composer.lock, without those for development; undefined when there is none. */
export function readComposerLock({ texts: all }: SourceView): ComposerLock | undefined {
  const text = all['composer.lock'];
  return text === undefined ? undefined : lockfile.parse(readJson('composer.lock', text));
}

function readJson(path: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (Array.isArray(value) && value.length === 0) return {};
    return z.record(z.string(), z.unknown()).parse(value);
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'it must be an object';
    throw new UserError('bad_request', `${path} is not valid JSON: ${reason}.`, { cause: error });
  }
}
