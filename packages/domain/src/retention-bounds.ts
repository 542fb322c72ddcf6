/** What an environment may be told to keep. Redis holds log lines: the most of them is what a host's memory bears. */
export const retentionBounds = {
  keptReleases: { least: 1, most: 1_000 },
  keptDays: { least: 1, most: 3_650 },
  keptLines: { least: 100, most: 20_000 },
} as const;

/** Log lines that are kept of each app where its environment does not say otherwise. */
export const usualKeptLines = 10_000;
