import { parseArgs } from 'node:util';
import { askApi } from './ask-api.mjs';

const usage = `npm run disk -- [--clean | --dry-run] [--team <name>] [--all] [--json]

What fills the disk: whose each image, layer, cache, volume, log and source is, and why it is there. --dry-run lists what a
clean would remove, --clean removes it. --all shows every entry and not only the largest.`;

const linesMax = 25;

/** `npm run disk`: GET /disk and POST /disk/clean as the first admin. */
async function main() {
  const { values } = parseArgs({
    options: {
      clean: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      team: { type: 'string' },
      all: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  if (values.clean || values['dry-run']) return clean(values);
  const ledger = await askApi('GET', `/disk${values.team ? `?team=${encodeURIComponent(values.team)}` : ''}`);
  if (values.json) return console.log(JSON.stringify(ledger, null, 2));
  printLedger(ledger, values.all ? ledger.entries.length : linesMax);
}

/** @param {{ 'dry-run'?: boolean, team?: string, all?: boolean, json?: boolean }} values */
async function clean({ 'dry-run': isDryRun = false, team, all, json }) {
  let run = await askApi('POST', '/disk/clean', { dry_run: isDryRun, ...(team ? { team } : {}) });
  while (run.ended_at === null) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    run = await askApi('GET', `/disk/collections/${run.id}`);
  }
  if (json) return console.log(JSON.stringify(run, null, 2));
  if (run.failure) throw new Error(run.failure);
  const items = run.items ?? [];
  printTable(items.slice(0, all ? items.length : linesMax), ['bytes', 'kind', 'name', 'team']);
  if (isDryRun) return console.log(`\nA clean would free ${size(run.freed_bytes)}. Nothing was removed.`);
  const waited =
    run.window_ms === null ? 'no push had to wait' : `pushes waited ${(run.window_ms / 1000).toFixed(2)} s at most`;
  console.log(`\nFreed ${size(run.freed_bytes)}; ${waited}.`);
}

/**
 * @param {any} ledger
 * @param {number} count
 */
function printLedger(
  { entries, used_bytes: used, reclaimable_bytes: reclaimable, free_bytes: free, total_bytes: total },
  count,
) {
  /** @type {Map<string, number>} */
  const kinds = new Map();
  for (const { kind, bytes, within } of entries) if (!within) kinds.set(kind, (kinds.get(kind) ?? 0) + bytes);
  const sums = [...kinds].sort(([, a], [, b]) => b - a).map(([kind, bytes]) => ({ bytes, kind }));
  printTable(sums, ['bytes', 'kind']);
  console.log('');
  printTable(entries.slice(0, count), ['bytes', 'kind', 'name', 'team', 'reason']);
  if (entries.length > count) console.log(`… and ${entries.length - count} smaller ones (--all)`);
  console.log(`\nThis Berth takes ${size(used)} of ${size(total)}; ${size(free)} are free.`);
  console.log(
    reclaimable > 0 ? `A clean would free ${size(reclaimable)}: npm run disk -- --clean` : 'Nothing is to be cleaned.',
  );
}

/**
 * @param {any[]} rows
 * @param {string[]} columns
 */
function printTable(rows, columns) {
  const cell = (/** @type {any} */ row, /** @type {string} */ column) =>
    column === 'bytes'
      ? size(row.bytes).padStart(9)
      : String(row[column] ?? '–') + (column === 'reason' && row.over ? ' (goes)' : '');
  const lines = rows.map((row) => columns.map((column) => cell(row, column)));
  const widths = columns.map((_, index) => Math.min(60, Math.max(0, ...lines.map((line) => line[index]?.length ?? 0))));
  for (const line of lines)
    console.log(
      line
        .map((text, index) => text.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

/** @param {number} bytes */
function size(bytes) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

await main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
