/**
 * The BuildKit that builds Dockerfiles: a Go module, compiled once per installation (no Debian package has it). The hash is
 * the one of the checksum database; its own go.sum says those of all that it is made of. Later versions: only when the
 * module proxy serves every module of theirs.
 */
export const buildkitRelease = {
  module: 'github.com/moby/buildkit',
  version: 'v0.33.1',
  hash: 'h1:UUrdifmRdRadykO+f5l8BT1CseUXst2sJHV7AmkjjxE=',
  /** The line `go` of its go.mod. */
  go: '1.26.8',
  /** Main packages, by the name of the program that each makes. */
  programs: {
    buildkitd: './cmd/buildkitd',
    buildctl: './cmd/buildctl',
    'dockerfile-frontend': './frontend/dockerfile/cmd/dockerfile-frontend',
  },
} as const;
