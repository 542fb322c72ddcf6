import { expect, test } from 'vitest';
import { makeProvenance } from './make-provenance.js';
import { type ImageContents, makeSbom } from './make-sbom.js';

const digest = `sha256:${'a'.repeat(64)}`;
const contents: ImageContents = {
  repository: 'app/1',
  digest,
  name: 'shop',
  version: 'c'.repeat(40),
  stack: { name: 'berth-13', version: '20261121', packages: ['libssl3t64=3.5.1-1+deb13u1', 'tini=0.19.0-3+b3'] },
  runtime: { name: 'python', version: '3.13.5', packages: ['python3.13-minimal=3.13.5-2'] },
  language: [
    { type: 'npm', namespace: '@s', name: 'b', version: '2.0.0' },
    { type: 'pypi', name: 'flask', version: '3.0.0' },
    { type: 'golang', namespace: 'github.com/two', name: 'lib', version: 'v1.0.0+incompatible' },
  ],
  isComplete: true,
};

test('an SBOM is CycloneDX 1.6 with a package URL for everything in the image', () => {
  const sbom = JSON.parse(makeSbom(contents));
  expect(sbom).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { component: { type: 'container', name: 'shop', hashes: [{ alg: 'SHA-256', content: 'a'.repeat(64) }] } },
  });
  expect(sbom.components.map(({ purl }: { purl: string }) => purl).sort()).toEqual([
    'pkg:deb/debian/libssl3t64@3.5.1-1+deb13u1?distro=debian-13',
    'pkg:deb/debian/python3.13-minimal@3.13.5-2?distro=debian-13',
    'pkg:deb/debian/tini@0.19.0-3+b3?distro=debian-13',
    'pkg:generic/berth-13@20261121',
    'pkg:generic/python@3.13.5',
    'pkg:golang/github.com/two/lib@v1.0.0+incompatible',
    'pkg:npm/%40s/b@2.0.0',
    'pkg:pypi/flask@3.0.0',
  ]);
  const root = sbom.dependencies.find(({ ref }: { ref: string }) => ref === digest);
  expect(root.dependsOn).toHaveLength(8);
});

test('an SBOM of the same image has the same bytes', () => {
  const shuffled = { ...contents, language: [...contents.language].reverse() };
  expect(makeSbom(shuffled)).toBe(makeSbom(contents));
});

const origin = {
  id: 'i1',
  repositoryId: 'r1',
  digest,
  commit: 'c'.repeat(40),
  createdAt: new Date('2026-11-21T10:00:09Z'),
  labels: {
    stack: 'berth-13',
    stackDigest: 'sha256:51',
    runtimeName: 'node',
    runtimeVersion: '24.1.0',
    runtimeDigest: 'sha256:52',
  },
  inputs: {
    buildpack: 'node@1',
    tools: ['pnpm@10.20.0'],
    dependenciesKey: 'k1',
    files: { 'package.json': 'f1', 'pnpm-lock.yaml': 'f2' },
    configNames: ['DATABASE_URL', 'NPM_TOKEN'],
  },
  rebasedFrom: [],
  build: { id: 'b1', startedAt: new Date('2026-11-21T10:00:00Z'), endedAt: new Date('2026-11-21T10:00:10Z') },
  source: { digest: 'sha256:50', commit: 'c'.repeat(40), ref: 'refs/heads/main' },
  app: { name: 'shop' },
};
const names = { instance: 'berth', commitName: 'https://localhost:5000/shop.git' };

test('the provenance of a build names its source, bases and inputs, of config vars the names', () => {
  const statement = JSON.parse(makeProvenance(origin, names));
  expect(statement).toMatchObject({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'app/r1', digest: { sha256: 'a'.repeat(64) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
  });
  const { buildDefinition, runDetails } = statement.predicate;
  expect(buildDefinition.buildType).toBe('urn:berth:build:1');
  expect(buildDefinition.externalParameters).toEqual({
    repository: 'shop',
    commit: 'c'.repeat(40),
    ref: 'refs/heads/main',
  });
  expect(buildDefinition.internalParameters).toEqual({
    buildpack: 'node@1',
    tools: ['pnpm@10.20.0'],
    dependenciesKey: 'k1',
    configVarNames: ['DATABASE_URL', 'NPM_TOKEN'],
  });
  expect(buildDefinition.resolvedDependencies).toEqual([
    { uri: 'git+https://localhost:5000/shop.git@refs/heads/main', digest: { gitCommit: 'c'.repeat(40) } },
    { name: 'source archive', digest: { sha256: '50' } },
    { name: 'stack/berth-13', digest: { sha256: '51' } },
    { name: 'runtime/node', digest: { sha256: '52' }, annotations: { version: '24.1.0' } },
    { name: 'package.json', digest: { sha256: 'f1' } },
    { name: 'pnpm-lock.yaml', digest: { sha256: 'f2' } },
  ]);
  expect(runDetails).toEqual({
    builder: { id: 'urn:berth:berth:builder' },
    metadata: { invocationId: 'b1', startedOn: '2026-11-21T10:00:00.000Z', finishedOn: '2026-11-21T10:00:09.000Z' },
  });
});

test('the provenance of a build names the custom buildpacks that came from elsewhere', () => {
  const fetchedBuildpacks = [
    { source: 'https://git.example/pack.git#v1', digest: { gitCommit: 'd'.repeat(40) } },
    { source: 'https://files.example/pack.tgz', digest: { sha256: 'e'.repeat(64) } },
  ];
  const built = { ...origin, inputs: { ...origin.inputs, fetchedBuildpacks } };
  const { resolvedDependencies } = JSON.parse(makeProvenance(built, names)).predicate.buildDefinition;
  expect(resolvedDependencies.filter(({ name }: { name: string }) => name === 'buildpack')).toEqual([
    { uri: 'git+https://git.example/pack.git#v1', name: 'buildpack', digest: { gitCommit: 'd'.repeat(40) } },
    { uri: 'https://files.example/pack.tgz', name: 'buildpack', digest: { sha256: 'e'.repeat(64) } },
  ]);
});

test('the provenance of a rebased image says that it is one, and of what', () => {
  const rebased = { ...origin, rebasedFrom: [{ digest: 'sha256:60', createdAt: new Date() }] };
  const { buildDefinition } = JSON.parse(makeProvenance(rebased, names)).predicate;
  expect(buildDefinition).toMatchObject({
    buildType: 'urn:berth:rebase:1',
    externalParameters: { rebasedFrom: ['sha256:60'] },
  });
  expect(buildDefinition.resolvedDependencies).toContainEqual({ name: 'app/r1', digest: { sha256: '60' } });
});
