import { UserError } from '@berth/domain/errors';
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import type { SourceView } from '../source-view.js';

const bin = z.object({ name: z.string() });
const table = z.record(z.string(), z.unknown()).catch({}).default({});

/** What we read of a Cargo.toml; a part with an unexpected form counts as not there. */
const cargoToml = z.object({
  package: z
    .object({
      name: z.string(),
      'rust-version': z.string().optional().catch(undefined),
      'default-run': z.string().optional().catch(undefined),
      autobins: z.boolean().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  bin: z.array(bin).catch([]).default([]),
  dependencies: table,
  workspace: z
    .object({
      package: z
        .object({ 'rust-version': z.string().optional().catch(undefined) })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

export type CargoManifest = z.infer<typeof cargoToml> & {
  /** Directory below the app, `` at its top. */
  directory: string;
};

/** Every Cargo.toml of the app, the one at the top first; one that is not TOML is a UserError. */
export function readManifests(view: SourceView): CargoManifest[] {
  return Object.entries(view.texts)
    .filter(([path]) => /(^|\/)Cargo\.toml$/.test(path) && !/^(vendor|target)\//.test(path))
    .sort(([a], [b]) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1))
    .map(([path, text]) => ({
      ...cargoToml.parse(readToml(path, text)),
      directory: path === 'Cargo.toml' ? '' : path.slice(0, -'/Cargo.toml'.length),
    }));
}

export function readToml(path: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new UserError('bad_request', `${path} line ${error.line} is not valid: ${reason}.`, { cause: error });
  }
}
