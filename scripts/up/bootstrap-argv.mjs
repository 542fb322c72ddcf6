import { run } from './command.mjs';
import { platformRecipe } from './platform-recipe.mjs';

/**
 * The mmdebstrap command line of the platform image, tar on stdout; packages come from where this host's apt gets them.
 * @param {string[]} hooks more hook lines
 */
export async function bootstrapArgv(hooks) {
  const { suite, packages, paths } = platformRecipe;
  return [
    ...['mmdebstrap', '--variant=minbase', '--format=tar', `--include=${packages.join(',')}`],
    ...(await hostAptOptions()).map((line) => `--aptopt=${line}`),
    ...paths.map((line) => `--dpkgopt=${line}`),
    ...[...platformRecipe.hooks, ...hooks].map((hook) => `--customize-hook=${hook}`),
    ...[suite, '-'],
    ...(await hostSources(suite)),
  ];
}

/**
 * This host's Debian mirrors, as source lines for another suite. Empty on other systems: mmdebstrap then has its own.
 * @param {string} suite
 */
async function hostSources(suite) {
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

/** How this host's apt reaches its mirrors: proxies and certificate authorities. */
async function hostAptOptions() {
  const { stdout } = await run(['apt-config', 'dump', 'Acquire'], { check: false }).catch(() => ({ stdout: '' }));
  return stdout.split('\n').filter((line) => /^Acquire::https?::.*(Proxy|CaInfo|CaPath)\b.* ".+";$/i.test(line));
}
