import { run } from './command.mjs';
import { leftOut } from './recipes.mjs';

/**
 * The mmdebstrap command line of a recipe; packages come from where this host's own apt gets them.
 * @param {import('./recipes.mjs').Recipe} recipe
 * @param {string} target a file, or `-` for stdout
 * @param {string[]} [hooks] more hook lines
 */
export async function bootstrapArgv(recipe, target, hooks = []) {
  return [
    'mmdebstrap',
    '--variant=minbase',
    '--format=tar',
    `--include=${recipe.packages.join(',')}`,
    ...leftOut.map((option) => `--dpkgopt=${option}`),
    ...[...recipe.hooks, ...hooks].map((hook) => `--customize-hook=${hook}`),
    recipe.suite,
    target,
    ...(await sources(recipe.suite)),
  ];
}

/**
 * This host's Debian mirrors, as source lines for another suite. Empty on other systems: mmdebstrap then has its own.
 * @param {string} suite
 */
async function sources(suite) {
  const { code, stdout } = await run(
    ['apt-get', 'indextargets', '--format', '$(REPO_URI) $(RELEASE) $(COMPONENT)', 'Created-By: Packages'],
    { check: false },
  ).catch(() => ({ code: 1, stdout: '' }));
  if (code !== 0) return [];
  const lines = stdout.split('\n').flatMap((line) => {
    const [, uri, release] = /^(\S+) ((?:bookworm|trixie|forky)\S*) main$/.exec(line) ?? [];
    return uri && release ? [`deb ${uri} ${release.replace(/^[a-z]+/, suite)} main`] : [];
  });
  return lines.some((line) => line.endsWith(` ${suite} main`)) ? [...new Set(lines)] : [];
}
