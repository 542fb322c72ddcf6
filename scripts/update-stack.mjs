import { ownTokens } from './up/fill-registry.mjs';
import { stackTar } from './up/make-stack.mjs';
import { withRegistryHeld } from './up/open-platform.mjs';
import { readSettings } from './up/settings.mjs';

/**
 * `npm run update-stack`: makes the stack anew from the Debian packages of today. Builds take it within half a minute; the
 * apps that are there by `npm run rebase`. With `--always` also when none of its own packages differs: runtimes made of Debian
 * packages (Python, Ruby, PHP, Java, nginx) are then made anew.
 */
async function main() {
  const isAlways = process.argv.includes('--always');
  const settings = readSettings();
  const { Registry } = await import('@berth/images/registry');
  const { updateStack } = await import('@berth/runtimes/stacks/update-stack');
  const { diffPackages } = await import('@berth/domain/rebase');
  const registry = new Registry({
    url: `http://127.0.0.1:${settings.chosen.BERTH_REGISTRY_PORT}`,
    authorizer: await ownTokens(settings.home),
  });
  console.log('Making the stack from the packages of today (about 20 s)…');
  const { stack, before, isNew } = await withRegistryHeld(settings, async () =>
    updateStack({
      registry,
      tarPath: await stackTar(settings),
      stamp: isAlways ? new Date().toISOString() : undefined,
    }),
  );
  await registry.close();
  const name = `${stack.config.labels['berth.stack']} ${stack.config.labels['berth.version']}`;
  if (!isNew) {
    console.log(`No package differs: ${name} is current.`);
    return;
  }
  const packages = (/** @type {typeof stack | undefined} */ image) =>
    JSON.parse(image?.config.labels['berth.packages'] ?? '[]');
  for (const change of diffPackages(packages(before), packages(stack)))
    console.log(`  ${change.name}: ${change.from ?? 'new'} → ${change.to ?? 'gone'}`);
  console.log(`${name} is the newest stack. What would move onto it: npm run rebase -- --dry-run`);
}

await main();
