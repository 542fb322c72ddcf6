import type { Buildpack } from '../buildpack.js';
import { planRust } from './plan.js';

/** Rust: anything with a Cargo.toml. */
export const rustBuildpack: Buildpack = {
  name: 'rust',
  looksFor: 'Cargo.toml (Rust)',
  detect: ({ paths }) => paths.includes('Cargo.toml'),
  decisive: ['Cargo.toml', 'rust-toolchain', 'rust-toolchain.toml'],
  plan: planRust,
  // Read by files/rust-build: Cargo takes no mirror from a variable.
  sourceEnv: ({ crates }) => (crates ? { BERTH_CRATES_INDEX: crates } : {}),
};
