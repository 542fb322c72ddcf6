import { parseArgs } from 'node:util';
import { askApi } from './ask-api.mjs';

const usage = `npm run rebase -- [--dry-run] [--stack berth-13[:<version>]] [--runtime node[@<version>]]
                   [--app <name>]… [--environment <name>] [--team <name>] [--wave-size <apps>]

Moves the newest stack, and the newest version of each runtime that the apps' own files allow, under the images that are
there: no build. Each app gets a release; the next wave begins when the one before is live, and the first that fails stops it.`;

/** `npm run rebase`: POST /rebases as the first admin, and what comes of it. */
async function main() {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      stack: { type: 'string' },
      runtime: { type: 'string' },
      app: { type: 'string', multiple: true },
      environment: { type: 'string' },
      team: { type: 'string' },
      'wave-size': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const { stack, runtime, app: apps, environment, team } = values;
  let rebase = await askApi('POST', '/rebases', {
    ...{ stack, runtime, apps, environment, team },
    dry_run: values['dry-run'],
    ...(values['wave-size'] ? { wave_size: Number(values['wave-size']) } : {}),
  });
  const again = async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    rebase = await askApi('GET', `/rebases/${rebase.id}`);
  };
  // A runtime that nobody used before is made first.
  while (!rebase.planned_at && !isOver(rebase)) await again();
  printPlan(rebase);
  let seen = '';
  while (!isOver(rebase)) {
    await again();
    const counts = describeCounts(rebase);
    if (counts !== seen) console.log(counts);
    seen = counts;
  }
  if (rebase.failure) console.error(rebase.failure.message);
  process.exitCode = rebase.status === 'succeeded' ? 0 : 1;
}

/** @param {any} rebase */
const isOver = ({ status }) => ['succeeded', 'failed', 'cancelled'].includes(status);

/** @param {any} rebase */
function printPlan({ apps, moves, dry_run: isDryRun, counts }) {
  for (const { app, wave, status, stack, runtime, message } of apps) {
    const moved = [stack, runtime].flatMap((move) =>
      move ? [`${move.from.name} ${move.from.version ?? ''} → ${move.to.version ?? ''}`] : [],
    );
    const what = status === 'unchanged' ? 'is current' : (message ?? moved.join(', '));
    console.log(`${status === 'planned' ? `wave ${wave}` : status}  ${app.name} (${app.environment})  ${what}`);
  }
  for (const { packages } of moves)
    for (const { name, from, to } of packages ?? []) console.log(`  ${name}: ${from ?? 'new'} → ${to ?? 'gone'}`);
  if (apps.length === 0) console.log('No app that it concerns.');
  else if (isDryRun) console.log(`${counts.planned ?? 0} of ${apps.length} apps would move. Nothing was changed.`);
}

/** @param {any} rebase */
const describeCounts = ({ counts }) =>
  Object.entries(counts)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
