/** One commit as people see it. */
export interface CommitLine {
  commit: string;
  /** Its first line. */
  message: string;
  createdAt: Date;
}

/** How many commits a history has: the newest one and what is before it. */
export const historyMax = 100;
/** As `git log --format` writes a history: one commit a line. */
export const historyFormat = '%H %ct %s';
const messageMax = 200;
/** A commit, its seconds and its message, with a space between. */
const lineMax = 40 + 1 + 12 + 1 + messageMax;

/** A history as it is kept: of each line no more than is ever read of it. */
export const cutHistory = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.slice(0, lineMax))
    .join('\n');

/** The commits of a history, the newest first; lines of another form are none. */
export function parseHistory(text: string): CommitLine[] {
  return text.split('\n').flatMap((line) => {
    const [, commit, seconds, message = ''] = /^([0-9a-f]{40}) (\d+) (.*)$/.exec(line) ?? [];
    if (!commit) return [];
    return [{ commit, message: message.slice(0, messageMax), createdAt: new Date(Number(seconds) * 1000) }];
  });
}

/** What the one history has that the other lacks, the newest first: the commits between the two, also where branches were merged. */
export function commitsSince(history: string, before: string): CommitLine[] {
  const known = new Set(parseHistory(before).map(({ commit }) => commit));
  return parseHistory(history).filter(({ commit }) => !known.has(commit));
}
