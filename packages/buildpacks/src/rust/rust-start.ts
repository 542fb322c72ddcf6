import type { SourceView } from '../source-view.js';
import type { CargoManifest } from './cargo-manifest.js';

/** Programs that `cargo build` makes, and which of them is the web process. */
export function rustStart(view: SourceView, manifests: readonly CargoManifest[]) {
  const [top] = manifests;
  // Without a package of its own at the top all members of the workspace are built.
  const built = top?.directory === '' && top.package ? [top] : manifests;
  const names = [...new Set(built.flatMap((manifest) => programsOf(view, manifest)))];
  const chosen =
    top?.package?.['default-run'] ??
    (names.length === 1
      ? names[0]
      : [top?.package?.name, 'web', 'server'].find((name) => name && names.includes(name)));
  const seen = names.length === 0 ? 'no program' : `more than one program (${names.join(', ')})`;
  return { web: chosen && command(chosen, manifests), noStart: `cargo makes ${seen}` };
}

/** By Cargo's own rules (the Cargo book, Package layout). */
function programsOf({ paths }: SourceView, manifest: CargoManifest): string[] {
  if (!manifest.package) return [];
  const below = manifest.directory ? `${manifest.directory}/` : '';
  const found = paths.flatMap((path) => {
    if (!path.startsWith(`${below}src/`)) return [];
    const inside = path.slice(below.length);
    if (inside === 'src/main.rs') return [manifest.package!.name];
    const name = /^src\/bin\/([^/]+?)(?:\.rs|\/main\.rs)$/.exec(inside)?.[1];
    return name ? [name] : [];
  });
  return [...manifest.bin.map(({ name }) => name), ...(manifest.package.autobins === false ? [] : found)];
}

/** Rocket reads its port from a variable of its own; the address is part of the image's variables. */
function command(name: string, manifests: readonly CargoManifest[]): string {
  const binary = `target/release/${name}`;
  return usesRocket(manifests) ? `env ROCKET_PORT=$PORT ${binary}` : binary;
}

export const usesRocket = (manifests: readonly CargoManifest[]): boolean =>
  manifests.some(({ dependencies }) => 'rocket' in dependencies);
