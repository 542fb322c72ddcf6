import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings, root } from './up/settings.mjs';

/**
 * `npm run -s env`: shell exports that point git and the Heroku CLI at this Berth, and the functions `berth` (our command
 * line, from any folder) and `api` (one call of the API), for `eval "$(npm run -s env)"`.
 * The CLI sends its token only to `localhost`, `127.0.0.1` and Heroku's own domains, and with a HEROKU_HOST that it does
 * not accept it goes on to Heroku, with the token: so for other domains no HEROKU_HOST is exported.
 */
function main() {
  const settings = readSettings();
  const file = join(settings.home, 'credentials.json');
  if (!existsSync(file)) {
    console.error(`There is no ${file}: run npm start first.`);
    process.exitCode = 1;
    return;
  }
  const { apiUrl, token } = JSON.parse(readFileSync(file, 'utf8'));
  const bundle = join(settings.home, 'tls/bundle.crt');
  print({
    NODE_EXTRA_CA_CERTS: bundle,
    GIT_SSL_CAINFO: bundle,
    DISABLE_TELEMETRY: 'true',
    HEROKU_DISABLE_AUTOUPDATE: '1',
    HEROKU_SKIP_NEW_VERSION_CHECK: 'true',
  });
  const { hostname, host } = new URL(apiUrl);
  console.log(
    `# Images: docker login ${host} --username _ --password-stdin (an API token); docker pull and push ${host}/<app>`,
  );
  if (hostname === 'localhost' || hostname === '127.0.0.1') {
    print(herokuExports(apiUrl, host, token));
    print(gitExports(host));
    console.log(functions({ url: '"$HEROKU_HOST"', token: '"$HEROKU_API_KEY"', bundle }));
  } else {
    console.log(otherWays(apiUrl, settings.chosen.BERTH_PORT));
    console.log(functions({ url: quote(apiUrl), token: quote(token), bundle }));
  }
}

/**
 * @param {string} apiUrl
 * @param {string} host
 * @param {string} token
 */
function herokuExports(apiUrl, host, token) {
  return {
    HEROKU_HOST: apiUrl,
    HEROKU_API_KEY: token,
    HEROKU_GIT_HOST: host,
    HEROKU_PARTICLEBOARD_URL: apiUrl,
    HEROKU_DATA_HOST: new URL(apiUrl).hostname,
    HEROKU_BUILDPACK_REGISTRY_URL: apiUrl,
    HEROKU_LOGIN_HOST: apiUrl,
    HEROKU_EXEC_URL: `https://${host}/`,
    HEROKU_STATUS_HOST: apiUrl,
  };
}

/**
 * Who git signs in as: `npx heroku create` tells git to ask `heroku git:credentials`, and after npx there is no `heroku`
 * in the PATH. The empty value takes back what was said before it. Configuration that the shell has already stays.
 * @param {string} host
 */
function gitExports(host) {
  const name = `credential.https://${host}.helper`;
  const count = Number(process.env.GIT_CONFIG_COUNT ?? 0);
  const first = process.env[`GIT_CONFIG_KEY_${count - 1}`] === name ? count - 2 : count;
  return {
    GIT_CONFIG_COUNT: String(first + 2),
    [`GIT_CONFIG_KEY_${first}`]: name,
    [`GIT_CONFIG_VALUE_${first}`]: '',
    [`GIT_CONFIG_KEY_${first + 1}`]: name,
    [`GIT_CONFIG_VALUE_${first + 1}`]: '!printf "username=_\\npassword=%s\\n" "$HEROKU_API_KEY" #',
  };
}

/**
 * @param {string} apiUrl
 * @param {string} port
 */
function otherWays(apiUrl, port) {
  const { hostname } = new URL(apiUrl);
  return `# The Heroku CLI gives its token only to localhost, 127.0.0.1 and Heroku's own domains, so HEROKU_HOST is not set.
# To use it with ${hostname}, one of:
#  1. a tunnel: ssh -N -L ${port}:localhost:${port} ${hostname} &
#     export HEROKU_HOST=http://localhost:${port} HEROKU_PARTICLEBOARD_URL=http://localhost:${port} HEROKU_API_KEY=<token>
#  2. a BERTH_DOMAIN below herokudev.com (paas.herokudev.com) that your DNS or /etc/hosts sends to this host,
#     with api., git. and registry. of it, on port 443: export HEROKU_HOST=paas.herokudev.com HEROKU_API_KEY=<token>
# The token is in credentials.json. git needs none of this: git push ${apiUrl.replace(/^http:/, 'https:')}/<app>.git`;
}

/**
 * For every POSIX shell. What they need is told to the one command only: a BERTH_… that is exported would be taken for a
 * setting by the next `npm start`. The token is no argument of curl: other users of the host could see it. Node.js is the
 * one that runs here, whatever the caller's folder asks for.
 * @param {{ url: string, token: string, bundle: string }} words `url` and `token` as the shell reads them
 */
function functions({ url, token, bundle }) {
  const bin = quote(join(root, 'apps/cli/bin/berth.js'));
  return `berth() { BERTH_API_URL=${url} BERTH_API_KEY=${token} ${quote(process.execPath)} ${bin} "$@"; }
api() (
  if [ $# -eq 0 ]; then echo 'api <path> [options of curl]' >&2; exit 2; fi
  url=${url}$1 token=${token}; shift
  curl -sS --fail-with-body --cacert ${quote(bundle)} -w '\\n' -H 'Accept: application/vnd.heroku+json; version=3' \\
    -H 'Content-Type: application/json' -H @/dev/fd/3 "$@" "$url" 3<<END
Authorization: Bearer $token
END
)`;
}

/** @param {Record<string, string>} values */
function print(values) {
  for (const [name, value] of Object.entries(values)) console.log(`export ${name}=${quote(value)}`);
}

/** @param {string} value */
const quote = (value) => `'${value.replaceAll("'", `'\\''`)}'`;

main();
