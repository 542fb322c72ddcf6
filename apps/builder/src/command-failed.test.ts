import { describe, expect, it } from 'vitest';
import { CommandFailedError } from './command-failed.js';

const failed = (tail: string) =>
  new CommandFailedError(
    { title: 'Installing gems (bundle install)', argv: ['bundle-install'], shown: 'bundle install', env: {} },
    {
      exitCode: 5,
      isOutOfMemory: false,
      isDiskFull: false,
      isForkBomb: false,
      peakMemoryBytes: null,
      memoryBytes: 1,
      tail,
    },
  );
const start = 'Installing gems failed: "bundle install" ended with exit code 5.';

describe('what a command that failed is said to have done', () => {
  it('is the command and its exit code when nothing is known', () => {
    expect(failed('boom').message).toBe(start);
  });

  it.each([
    ['- Required package "a/b" is not present in the lock file.', 'The lockfile does not fit composer.json'],
    ['- a/b 1.0 requires php >=8.9 -> your php version (8.4.28) does not', 'a/b needs PHP >=8.9; this is 8.4.28.'],
    ['- a/b 1.0 requires ext-foo * -> it is missing from your system.', "Berth's PHP has no ext-foo."],
    ['PHP Parse error:  syntax error, unexpected "}" in /app/x.php on line 4\n', 'in /app/x.php on line 4.'],
    ["but the lockfile can't be updated because frozen mode is set", 'The lockfile does not fit the Gemfile'],
    ['An error occurred while installing pg (1.5.4), and Bundler cannot continue.', 'The gem pg 1.5.4 could not'],
    ['Could not find rack-3.1 in cached gems or installed locally', 'rack-3.1 is not in it: run "bundle cache"'],
    ["rake aborted!\nKeyError: key not found: 'X'\n/app/x.rb:1", "Rake says: KeyError: key not found: 'X'"],
  ])('has a hint for %j', (tail, hint) => {
    const { message } = failed(`something before\n${tail}`);
    expect(message.startsWith(`${start} `)).toBe(true);
    expect(message).toContain(hint);
  });
});
