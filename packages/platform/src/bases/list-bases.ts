import type { BaseKind } from '@berth/db/generated/client';
import { imageLabels } from '@berth/domain/image-labels';
import { diffPackages, type PackageChange } from '@berth/domain/rebase';
import { z } from 'zod';
import type { Actor } from '../actor.js';
import type { Platform } from '../platform.js';

/** A stack or a runtime with the apps that run on it. */
export interface BaseView {
  name: string;
  version: string | null;
  digest: string;
  /** The newest of its line that this Berth has: a rebase moves the apps of the others onto it. */
  isCurrent: boolean;
  createdAt: Date | null;
  apps: { id: string; name: string; team: string; environment: string }[];
  /** What differs in the current one; null when a list of packages is not known. */
  behind: PackageChange[] | null;
}

/**
 * Every version of every stack (or runtime) that was made here, the newest first, with those of the actor's apps whose
 * current release lies on it.
 */
export async function listBases(
  platform: Platform,
  { actor, kind }: { actor: Actor; kind: BaseKind },
): Promise<BaseView[]> {
  const [bases, apps] = await Promise.all([
    platform.db.base.findMany({ where: { kind }, orderBy: { createdAt: 'desc' } }),
    platform.db.app.findMany({
      where: { destroyedAt: null, team: { memberships: { some: { userId: actor.userId } } } },
      include: { team: true, environment: true, currentRelease: { include: { image: true } } },
      orderBy: { name: 'asc' },
    }),
  ]);
  const users = new Map<string, BaseView['apps']>();
  const names = new Map<string, string>();
  for (const app of apps) {
    const labels = imageLabels.safeParse(app.currentRelease?.image?.labels ?? {}).data ?? {};
    const digest = kind === 'stack' ? labels.stackDigest : labels.runtimeDigest;
    if (!digest) continue;
    names.set(digest, (kind === 'stack' ? labels.stack : labels.runtimeName) ?? '');
    const about = { id: app.id, name: app.name, team: app.team.name, environment: app.environment.name };
    users.set(digest, [...(users.get(digest) ?? []), about]);
  }
  const known = new Set(bases.map(({ digest }) => digest));
  const currents = new Map<string, (typeof bases)[number]>();
  for (const base of bases) {
    const current = currents.get(base.line);
    if (!current || compareVersions(base.version, current.version) > 0) currents.set(base.line, base);
  }
  return [
    ...bases.map((base) => {
      const current = currents.get(base.line);
      const isCurrent = current?.digest === base.digest;
      return {
        name: base.name,
        version: base.version,
        digest: base.digest,
        isCurrent,
        createdAt: base.createdAt,
        apps: users.get(base.digest) ?? [],
        behind: isCurrent || !current ? [] : diffOf(base.packages, current.packages),
      };
    }),
    // Made before this Berth kept a list.
    ...[...users].flatMap(([digest, of]) =>
      known.has(digest)
        ? []
        : [
            {
              name: names.get(digest) ?? '',
              version: null,
              digest,
              isCurrent: false,
              createdAt: null,
              apps: of,
              behind: null,
            },
          ],
    ),
  ];
}

/** By their numbers: 24.9.0 < 24.21.0, 20261121 < 20261121.2. */
function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

const packageList = z.array(z.string());

function diffOf(from: unknown, to: unknown): PackageChange[] | null {
  const [old, young] = [packageList.safeParse(from).data, packageList.safeParse(to).data];
  return old && young && (old.length > 0 || young.length > 0) ? diffPackages(old, young) : null;
}
