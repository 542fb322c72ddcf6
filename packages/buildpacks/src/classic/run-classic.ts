import type { BuildCommand } from '../build-plan.js';

/** Where the parts of a classic buildpack find each other in the jail. */
export const classicPlaces = {
  /** One file per config var, for bin/compile. */
  env: '/workspace/classic/env',
  /** What each bin/release printed: `<number>.yaml`; what each was fetched as: `<number>.source` (read-sources.ts). */
  releases: '/workspace/classic/releases',
} as const;

/**
 * One classic buildpack (Heroku's Buildpack API): fetched into the jail, then bin/detect, bin/compile and bin/release, each
 * told the app's directory; compile also a cache directory of its own and the config vars as files. What a buildpack before it
 * wrote to its `export` is sourced. A fixed script: source and number are its arguments.
 */
export function runClassic(source: string, number: number): BuildCommand {
  const shown = withoutPassword(source);
  return {
    title: `Running the buildpack ${shown}`,
    argv: [
      'bash',
      '-euo',
      'pipefail',
      '-c',
      script,
      'classic',
      source,
      String(number),
      ...Object.values(classicPlaces),
      shown,
    ],
    shown,
    env: { STACK: 'berth-13' },
  };
}

/** `https://token@host/repository` → `https://host/repository`: whoever may see the app reads its builds. */
const withoutPassword = (source: string): string => source.replace(/^(https?:\/\/)[^/@]*@/, '$1');

const script = `
source=$1 number=$2 env_dir=$3 releases=$4 shown=$5
app=/workspace/app pack=/workspace/classic/$number
fail() { echo "$1" >&2; exit 1; }
mkdir -p "$pack" "$env_dir" "$releases" /cache/classic
url=\${source%%#*} ref=
case $source in *#*) ref=\${source#*#} ;; esac
case $url in
  ./*) cp -R "$app/$url/." "$pack" || fail "There is no folder $url in the app." ;;
  *.tgz | *.tar.gz)
    curl -fsSL --retry 3 -o "$pack.tgz" "$url" || fail "$shown could not be downloaded."
    echo "sha256 $(sha256sum < "$pack.tgz" | cut -d' ' -f1) $shown" > "$releases/$number.source"
    tar -xzf "$pack.tgz" -C "$pack"
    # A tarball may have one directory around everything.
    [ -d "$pack/bin" ] || { inner=("$pack"/*/); [ -d "\${inner[0]}bin" ] && pack=\${inner[0]%/}; } ;;
  *)
    git clone --quiet --depth 1 \${ref:+--branch "$ref"} -- "$url" "$pack" || fail "$shown could not be cloned."
    echo "gitCommit $(git -C "$pack" rev-parse HEAD) $shown" > "$releases/$number.source" ;;
esac
for part in detect compile; do
  [ -f "$pack/bin/$part" ] || fail "$shown is no buildpack: it has no bin/$part."
  chmod +x "$pack/bin/$part"
done
name=$("$pack/bin/detect" "$app") || fail "The buildpack $shown does not fit this app (its bin/detect says no)."
echo "$name app detected"
cache=/cache/classic/$(printf %s "$source" | sha256sum | cut -c1-16)
mkdir -p "$cache"
for other in /workspace/classic/*/export; do [ -f "$other" ] && { set +u; . "$other"; set -u; }; done
"$pack/bin/compile" "$app" "$cache" "$env_dir"
if [ -f "$pack/bin/release" ]; then
  chmod +x "$pack/bin/release"
  "$pack/bin/release" "$app" > "$releases/$number.yaml"
fi
`;
