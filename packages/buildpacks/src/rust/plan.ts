import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { BuildCommand, BuildPlan } from '../build-plan.js';
import { ownCommand } from '../own-command.js';
import { planProcesses } from '../plan-processes.js';
import type { SourceView } from '../source-view.js';
import { readManifests } from './cargo-manifest.js';
import { rustStart, usesRocket } from './rust-start.js';
import { rustWish } from './rust-wish.js';

const version = '1';

/** Decides everything about the build of a Cargo package or workspace; pure. */
export function planRust(view: SourceView, settings: BerthYaml): BuildPlan {
  const manifests = readManifests(view);
  const isLocked = view.paths.includes('Cargo.lock');
  const isVendored = view.paths.some((path) => /^vendor\/[^/]+\/\.cargo-checksum\.json$/.test(path));
  return {
    buildpack: { name: 'rust', version },
    runtime: { name: 'rust', ...rustWish(view, settings, manifests) },
    tools: [],
    // Crates and what is compiled of them stay on the app's cache disk: the image gets the programs only.
    dependencies: undefined,
    build: [buildCommand(settings, isLocked)],
    leaveOut: [
      ...['**/*.rs', 'Cargo.lock', 'rust-toolchain', 'rust-toolchain.toml', '.cargo'],
      ...(isVendored ? ['vendor'] : []),
    ],
    caches: [],
    processes: planProcesses(view, settings, rustStart(view, manifests)),
    healthcheck: settings.healthcheck,
    env: usesRocket(manifests) ? { ROCKET_ADDRESS: '0.0.0.0' } : {},
    warnings: isLocked
      ? []
      : ['There is no Cargo.lock: each build may get other versions. Commit the one that cargo writes.'],
  };
}

/** In the build image (packages/runtimes/files/rust-build): what was compiled is kept, what is finished is taken along. */
const wrapper = 'berth-cargo';

function buildCommand({ buildCommand: own }: BerthYaml, isLocked: boolean): BuildCommand {
  if (own) return ownCommand(own, { wrapper });
  const shown = ['cargo', 'build', '--release', ...(isLocked ? ['--locked'] : [])];
  // The path that it has in the image: programs are compiled with it (Rocket's relative!, CARGO_MANIFEST_DIR).
  const argv = [...shown, '--manifest-path', '/app/Cargo.toml'];
  return { title: `Compiling (${shown.join(' ')})`, shown: shown.join(' '), argv: [wrapper, ...argv], env: {} };
}
