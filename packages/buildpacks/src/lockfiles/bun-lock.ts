import { parse } from 'yaml';
import { z } from 'zod';
import { listOf, type PackageList } from './locked-package.js';
import { npmPackage } from './npm-lock.js';

const lockfile = z.object({ packages: z.record(z.string(), z.array(z.unknown())).optional() });

/** bun.lock: JSON with trailing commas, which YAML reads too. It names dev dependencies as well and does not say which. */
export function parseBunLock(text: string): PackageList {
  const { packages = {} } = lockfile.parse(parse(text) ?? {});
  return listOf(
    Object.values(packages).flatMap(([about]) => {
      const match = /^((?:@[^/]+\/)?[^@]+)@(\d.*)$/.exec(String(about));
      return match ? [npmPackage(match[1]!, match[2]!)] : [];
    }),
  );
}
