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
    [
      "[ERROR] COMPILATION ERROR : \n[ERROR] /workspace/app/src/main/java/hello/Main.java:[17,19] ';' expected\n[INFO] 1 error\n",
      "src/main/java/hello/Main.java:17: ';' expected.",
    ],
    [
      ':compileJava\n/workspace/app/src/main/java/hello/Main.java:3: error: cannot find symbol\n    x();\n',
      'src/main/java/hello/Main.java:3: cannot find symbol.',
    ],
    [
      'on project a: Could not resolve dependencies: Could not find artifact com.example:nope:jar:1.0 in central (https://m.test)',
      'The Maven repository did not give com.example:nope:jar:1.0.',
    ],
    [
      'Downloading https://g.test/distributions/gradle-8.14-bin.zip\nException in thread "main" java.net.UnknownHostException: g.test\n\tat java.base',
      'The Gradle of the wrapper could not be fetched: whoever runs this Berth sets BERTH_GRADLE_DISTRIBUTIONS to a place that has gradle-8.14-bin.zip.',
    ],
    [
      'error: the lock file /app/Cargo.lock needs to be updated but --locked was passed to prevent this',
      'Cargo.lock does not fit Cargo.toml: run "cargo build" and commit Cargo.lock.',
    ],
    [
      '   Compiling hello v1.0.0 (/app)\nerror[E0425]: cannot find value `x` in this scope\n --> src/main.rs:3:5\n  |\n',
      'src/main.rs:3: cannot find value `x` in this scope.',
    ],
    [
      'error: rustc 1.85.1 is not supported by the following package:\n  base64ct@1.8.0 requires rustc 1.86\n',
      'A crate needs Rust 1.86: say rust-version = "1.86" in Cargo.toml.',
    ],
    [
      'error: package `time v0.3.44` cannot be built because it requires rustc 1.88.0 or newer, while the currently active',
      'A crate needs Rust 1.88.0: say rust-version = "1.88.0" in Cargo.toml.',
    ],
  ])('has a hint for %j', (tail, hint) => {
    const { message } = failed(`something before\n${tail}`);
    expect(message.startsWith(`${start} `)).toBe(true);
    expect(message).toContain(hint);
  });
});
