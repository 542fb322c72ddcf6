/** What we read of a go.mod (https://go.dev/ref/mod#go-mod-file). */
export interface GoMod {
  /** `github.com/team/shop/v2` */
  module: string | undefined;
  /** Version of Go, as the file says it: `1.24`, `go1.24.3`. */
  version: string | undefined;
  /** Packages of the comments `// +heroku install ./cmd/...`. */
  install: readonly string[];
}

/** The line `// +heroku goVersion` wins, as in Heroku's buildpack; then `toolchain`, then `go`. */
export function readGoMod(text: string): GoMod {
  const word = (pattern: RegExp) => pattern.exec(text)?.[1];
  const install = [...text.matchAll(/^\s*\/\/\s*\+heroku\s+install\s+(.+)$/gm)];
  return {
    module: word(/^module\s+"?([^\s"]+)/m),
    version:
      word(/^\s*\/\/\s*\+heroku\s+goVersion\s+(\S+)/m) ?? word(/^toolchain\s+(go\d\S*)/m) ?? word(/^go\s+(\d\S*)/m),
    install: install.flatMap((match) => match[1]!.trim().split(/\s+/)),
  };
}
