import type { ImageRef } from '@berth/engine/interface';
import type { ReleaseWork } from '@berth/platform/rollouts/read-work';

/** What the engine pulls and runs: the release's image, or a process type's own. */
export const imageRef = (
  { registry, repository, digest }: Pick<ReleaseWork['image'], 'registry' | 'repository' | 'digest'>,
  own: string | undefined,
): ImageRef => ({ registry, repository, digest: own ?? digest });

/** All images of a release. */
export const digestsOf = ({
  digest,
  processTypes,
}: Pick<ReleaseWork['image'], 'digest' | 'processTypes'>): string[] => [
  ...new Set([digest, ...processTypes.flatMap(({ imageDigest }) => imageDigest ?? [])]),
];
