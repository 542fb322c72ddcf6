import type { BerthYaml } from '@berth/domain/berth-yaml';
import type { BuildCommand, BuildPlan } from '../build-plan.js';
import { ownCommand } from '../own-command.js';
import { planProcesses } from '../plan-processes.js';
import type { SourceView } from '../source-view.js';
import { binaryNames } from './main-packages.js';
import { type GoMod, readGoMod } from './read-go-mod.js';

const version = '1';

/** Decides everything about the build of a Go module; pure. */
export function planGo(view: SourceView, settings: BerthYaml): BuildPlan {
  const goMod = readGoMod(view.texts['go.mod'] ?? '');
  const isVendored = view.paths.includes('vendor/modules.txt');
  return {
    buildpack: { name: 'go', version },
    runtime: { name: 'go', ...goWish(settings, goMod) },
    tools: [],
    dependencies: undefined,
    build: [buildCommand(settings, goMod)],
    leaveOut: ['**/*.go', 'go.mod', 'go.sum', 'go.work', 'go.work.sum', ...(isVendored ? ['vendor'] : [])],
    caches: settings.caches,
    processes: planProcesses(view, settings, startCommand(view, goMod)),
    healthcheck: settings.healthcheck,
    env: {},
    warnings: [],
  };
}

function goWish(settings: BerthYaml, goMod: GoMod) {
  if (settings.runtime?.version !== undefined) return { wish: settings.runtime.version, wishFrom: 'berth.yaml' };
  return { wish: goMod.version, wishFrom: goMod.version === undefined ? undefined : 'go.mod' };
}

/**
 * Builds what Heroku's buildpack would: the packages of GO_INSTALL_PACKAGE_SPEC, else those of go.mod's `+heroku install`
 * (the arguments), else every main package of the module, with the tag `heroku`, into bin/. A new cache begins with the
 * standard library that the build image has compiled. The overlay, if there is one for this Go, lets net/http carry the
 * environment's mark; else a package does that the app has a copy of.
 */
const buildScript = `set -eu
if [ ! -e "$GOCACHE" ] && [ -d "\${BERTH_GO_STANDARD_LIBRARY:-}" ]; then
  mkdir -p "\${GOCACHE%/*}" && cp -r "$BERTH_GO_STANDARD_LIBRARY" "$GOCACHE.new" && mv "$GOCACHE.new" "$GOCACHE"
fi
set -- \${GO_INSTALL_PACKAGE_SPEC:-"$@"}
[ $# -gt 0 ] || set -- $(go list -find -f '{{if eq .Name "main"}}{{.ImportPath}}{{end}}' ./...)
[ $# -gt 0 ] || { echo "There is no main package in this module." >&2; exit 1; }
mkdir -p bin "$GOTMPDIR"
[ -n "\${BERTH_GO_OVERLAY:-}" ] || grep -rqF --include='*.go' '// Package berth carries the environment' . ||
  echo "Warning: with $(go env GOVERSION) the environment's mark is not carried on unless the app imports Berth's package of one file; docs/environments.md says how (What carries the mark, Go)." >&2
exec go build -v \${BERTH_GO_OVERLAY:+"-overlay=$BERTH_GO_OVERLAY"} -trimpath -tags heroku -ldflags '-s -w' -o bin/ "$@"`;

function buildCommand(settings: BerthYaml, { install }: GoMod): BuildCommand {
  if (settings.buildCommand) return ownCommand(settings.buildCommand);
  const shown = 'go build';
  // Else it fills /tmp, which is memory.
  const env = { GOTMPDIR: '/workspace/tmp' };
  return { title: `Compiling (${shown})`, shown, argv: ['sh', '-c', buildScript, shown, ...install], env };
}

/** Heroku starts the binary that bears the module's name; here the only one, whatever its name. */
function startCommand(view: SourceView, goMod: GoMod) {
  const names = binaryNames(view, goMod);
  const seen = names.length === 0 ? 'no main package' : `more than one main package (${names.join(', ')})`;
  const web = names.length === 1 ? `bin/${names[0]}` : names.includes('web') ? 'bin/web' : undefined;
  return { web, noStart: `the module has ${seen}` };
}
