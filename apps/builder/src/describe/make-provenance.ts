import type { ImageOrigin } from '@berth/platform/images/read-origin';

/** An artifact by digest, as in-toto's ResourceDescriptor has it. */
interface Resource {
  uri?: string;
  name?: string;
  digest?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** Versions of the meaning of our external parameters; raised when it changes. */
const buildTypes = {
  build: 'urn:berth:build:1',
  rebase: 'urn:berth:rebase:1',
  pushed: 'urn:berth:pushed-image:1',
} as const;

/**
 * Where an image comes from: an in-toto statement (v1) with a SLSA provenance predicate (v1). Names of config vars, never
 * values. It is not signed: it says what this Berth did, to those who trust it.
 */
export function makeProvenance(
  origin: ImageOrigin,
  { instance, commitName }: { instance: string; commitName: string },
) {
  const { repositoryId, digest, createdAt, inputs, build, rebasedFrom } = origin;
  const kind = rebasedFrom.length > 0 ? 'rebase' : build ? 'build' : 'pushed';
  return JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: `app/${repositoryId}`, digest: sha256(digest) }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: buildTypes[kind],
        externalParameters: {
          repository: origin.app?.name ?? repositoryId,
          commit: origin.commit,
          ...(origin.source ? { ref: origin.source.ref } : {}),
          ...(kind === 'rebase' ? { rebasedFrom: rebasedFrom.map((image) => image.digest) } : {}),
        },
        internalParameters: inputs
          ? {
              buildpack: inputs.buildpack,
              tools: inputs.tools,
              ...(inputs.dependenciesKey ? { dependenciesKey: inputs.dependenciesKey } : {}),
              configVarNames: inputs.configNames,
              ...(origin.labels.runtimeWish ? { runtimeWish: origin.labels.runtimeWish } : {}),
            }
          : {},
        resolvedDependencies: dependenciesOf(origin, commitName),
      },
      runDetails: {
        builder: { id: `urn:berth:${instance}:builder` },
        metadata: {
          ...(build ? { invocationId: build.id } : {}),
          startedOn: (kind === 'build' ? (build?.startedAt ?? createdAt) : createdAt).toISOString(),
          finishedOn: createdAt.toISOString(),
        },
      },
    },
  });
}

function dependenciesOf(
  { labels, inputs, source, rebasedFrom, repositoryId }: ImageOrigin,
  commitName: string,
): Resource[] {
  const { stack, stackDigest, runtimeName, runtimeVersion, runtimeDigest } = labels;
  return [
    ...(source
      ? [{ uri: `git+${commitName}@${source.ref}`, digest: { gitCommit: source.commit } }, sourceOf(source.digest)]
      : []),
    ...(stackDigest ? [{ name: `stack/${stack}`, digest: sha256(stackDigest) }] : []),
    ...(runtimeDigest
      ? [
          {
            name: `runtime/${runtimeName}`,
            digest: sha256(runtimeDigest),
            ...(runtimeVersion ? { annotations: { version: runtimeVersion } } : {}),
          },
        ]
      : []),
    ...rebasedFrom.map((image) => ({ name: `app/${repositoryId}`, digest: sha256(image.digest) })),
    ...(inputs?.fetchedBuildpacks ?? []).map(({ source: from, digest }) => ({
      uri: 'gitCommit' in digest ? `git+${from}` : from,
      name: 'buildpack',
      digest,
    })),
    ...Object.entries(inputs?.files ?? {}).map(([name, hex]) => ({ name, digest: { sha256: hex } })),
  ];
}

const sourceOf = (digest: string): Resource => ({ name: 'source archive', digest: sha256(digest) });

const sha256 = (digest: string) => ({ sha256: digest.replace('sha256:', '') });
