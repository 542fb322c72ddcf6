import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from './up/settings.mjs';

/**
 * `npm run -s env`: shell exports that point git and the Heroku CLI at this Berth, for `eval "$(npm run -s env)"`.
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
  } else console.log(otherWays(apiUrl, settings.chosen.BERTH_PORT));
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

/** @param {Record<string, string>} values */
function print(values) {
  for (const [name, value] of Object.entries(values)) console.log(`export ${name}='${value.replaceAll("'", `'\\''`)}'`);
}

main();
