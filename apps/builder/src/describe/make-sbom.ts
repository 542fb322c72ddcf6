import type { LockedPackage } from '@berth/buildpacks/lockfiles/locked-package';
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';

/** What is in an image. */
export interface ImageContents {
  /** `app/<repository id>` and its manifest's digest. */
  repository: string;
  digest: string;
  /** `app` and the commit, for people. */
  name: string;
  version: string;
  /** `berth-13`, a Debian release, with its packages as `name=version`. */
  stack: { name: string; version: string; packages: readonly string[] } | undefined;
  runtime: { name: string; version: string; packages: readonly string[] } | undefined;
  language: readonly LockedPackage[];
  /** false: there are packages that are not listed. */
  isComplete: boolean;
}

/** Debian releases by our stacks' names (purl's `distro`). */
const distros: Record<string, string> = { 'berth-13': 'debian-13', 'berth-12': 'debian-12' };

/**
 * The software bill of materials of an image: CycloneDX 1.6 as JSON. No time and nothing random is in it: the same image
 * has the same bytes.
 */
export function makeSbom(contents: ImageContents): string {
  const { name, version, repository, digest, stack, runtime, language, isComplete } = contents;
  const image = new Models.Component(Enums.ComponentType.Container, name, {
    bomRef: digest,
    version,
    purl: new PackageURL('oci', null, name.toLowerCase(), digest, { repository_url: repository }, null).toString(),
  });
  image.hashes.set(Enums.HashAlgorithm['SHA-256'], digest.replace('sha256:', ''));
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: image }) });
  bom.metadata.properties.add(new Models.Property('berth:complete', String(isComplete)));
  const add = (component: Models.Component) => {
    bom.components.add(component);
    image.dependencies.add(component.bomRef);
  };
  if (stack) {
    const { packages, ...about } = stack;
    add(layer(Enums.ComponentType.OperatingSystem, about, 'stack'));
    for (const one of packages) add(debianPackage(one, distros[stack.name], 'stack'));
  }
  if (runtime) {
    const { packages, ...about } = runtime;
    add(layer(Enums.ComponentType.Platform, about, 'runtime'));
    for (const one of packages) add(debianPackage(one, stack && distros[stack.name], 'runtime'));
  }
  for (const one of language) add(languagePackage(one));
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return serializer.serialize(bom, { sortLists: true });
}

type LayerName = 'stack' | 'runtime' | 'app';

/** In which layer a component lies: what of it a rebase may exchange. */
const inLayer = (name: LayerName) => new Models.PropertyRepository([new Models.Property('berth:layer', name)]);

function layer(type: Enums.ComponentType, { name, version }: { name: string; version: string }, of: LayerName) {
  const purl = new PackageURL('generic', null, name, version, null, null).toString();
  return new Models.Component(type, name, { bomRef: purl, version, purl, properties: inLayer(of) });
}

function debianPackage(text: string, distro: string | undefined, of: LayerName) {
  const at = text.indexOf('=');
  const [name, version] = [text.slice(0, at), text.slice(at + 1)];
  const purl = new PackageURL('deb', 'debian', name, version, distro ? { distro } : null, null).toString();
  return new Models.Component(Enums.ComponentType.Library, name, {
    bomRef: purl,
    version,
    purl,
    properties: inLayer(of),
  });
}

function languagePackage({ type, namespace, name, version }: LockedPackage) {
  const purl = new PackageURL(type, namespace ?? null, name, version, null, null).toString();
  return new Models.Component(Enums.ComponentType.Library, name, {
    bomRef: purl,
    ...(namespace === undefined ? {} : { group: namespace }),
    version,
    purl,
    properties: inLayer('app'),
  });
}
