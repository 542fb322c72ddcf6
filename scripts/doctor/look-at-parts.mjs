import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { askHealth, healthOf } from '../up/start-processes.mjs';
import { note, reason, well, wrong } from './finding.mjs';

/** @typedef {import('./finding.mjs').Finding} Finding */
/** @typedef {import('./finding.mjs').Patient} Patient */

const services = ['postgres', 'redis', 'registry', 'router', 'dns', 'mirror', 'data', ...Object.keys(healthOf)];

/** @param {Patient} patient @returns {Promise<Finding[]>} */
export async function lookAtContainers({ settings, engine }) {
  const containers = await engine.list('containers', [`berth.instance=${settings.instance}`]);
  if (!containers.some(({ State }) => State === 'running')) return [wrong('Berth does not run.', 'npm start')];
  const findings = await Promise.all(
    services.map(async (service) => {
      const container = containers.find(({ Labels }) => Labels['com.docker.compose.service'] === service);
      if (!container) return wrong(`${service} has no container.`, 'npm start makes it.');
      if (container.State === 'running') return undefined;
      const lines = (await engine.lastLines(container.Id, 3)).trim();
      return wrong(
        `${service} does not run (${container.Status}): ${lines}`,
        `docker logs ${container.Names[0].slice(1)}`,
      );
    }),
  );
  const found = findings.filter((finding) => finding !== undefined);
  return found.length > 0 ? found : [well(`All ${services.length} containers run.`)];
}

/** @param {Patient} patient @returns {Promise<Finding[]>} */
export async function lookAtHealth({ names }) {
  if (!names) return [];
  const findings = await Promise.all(
    Object.entries(healthOf).map(([name, where]) =>
      askHealth(names.net, where).then(
        () => undefined,
        (error) =>
          wrong(`${name} is not well: ${reason(error)}`, 'Its log says more: docker logs, or wait if it just started.'),
      ),
    ),
  );
  const found = findings.filter((finding) => finding !== undefined);
  return found.length > 0 ? found : [well('All of our processes say that they are well.')];
}

/**
 * The registry as the Docker daemon sees it, and the database.
 * @param {Patient} patient
 * @returns {Promise<Finding[]>}
 */
export async function lookAtStores({ settings, urls }) {
  const port = settings.chosen.BERTH_REGISTRY_PORT;
  const registry = await fetch(`http://127.0.0.1:${port}/v2/`, { signal: AbortSignal.timeout(3000) }).then(
    ({ status }) =>
      status === 401
        ? well('The registry answers, and asks who we are.')
        : wrong(`The registry answers ${status} on port ${port}.`),
    (error) =>
      wrong(
        `The registry does not answer on 127.0.0.1:${port}: ${reason(error)}`,
        'Images cannot be pulled: npm start',
      ),
  );
  return urls ? [registry, await lookAtDatabase(urls.database)] : [registry];
}

/** @param {string} url */
async function lookAtDatabase(url) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  try {
    await client.connect();
    const { rows } = await client.query(
      `SELECT count(*)::int AS late FROM "Outbox" WHERE "doneAt" IS NULL AND "runAt" < now() - interval '10 minutes'`,
    );
    return rows[0].late > 0
      ? note(
          `${rows[0].late} jobs wait since more than ten minutes.`,
          'Are builder and releaser well? Their logs say what they wait for.',
        )
      : well('The database answers, and no job waits.');
  } catch (error) {
    return wrong(
      `The database does not answer as it should: ${reason(error)}`,
      'npm start brings its schema up to date.',
    );
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * The firewall table in the kernel, through the container that apps/host keeps for it.
 * @param {Patient} patient
 * @returns {Promise<Finding>}
 */
export async function lookAtFirewall({ settings, engine }) {
  const { hostNames } = await import('@berth/domain/host-names');
  const { table } = hostNames(settings.instance);
  const [container] = await engine.list('containers', [
    `berth.instance=${settings.instance}`,
    'berth.kind=host-network',
  ]);
  const mend = 'Restart the host process, which loads it: docker restart <instance>_host_1';
  if (container?.State !== 'running') return wrong('The container that loads the firewall does not run.', mend);
  const code = await engine.exec(container.Id, ['nft', 'list', 'table', 'inet', table]);
  return code === 0
    ? well(`The firewall table ${table} is loaded.`)
    : wrong(`The firewall table ${table} is not loaded: builds and apps are not closed in.`, mend);
}

/**
 * The platform port with TLS, checked against our authority, as git and the Heroku CLI do.
 * @param {Patient} patient
 * @returns {Promise<Finding>}
 */
export async function lookAtTls({ settings }) {
  const { BERTH_DOMAIN: domain, BERTH_PORT: port } = settings.chosen;
  const ca = readFileSync(join(settings.home, 'tls/ca.crt'));
  const days = await new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port,
      servername: domain,
      ca,
      path: '/',
      timeout: 3000,
      headers: { host: `${domain}:${port}` },
    });
    sent.on('response', (response) => {
      const { valid_to } = /** @type {import('node:tls').TLSSocket} */ (response.socket).getPeerCertificate();
      response.resume();
      resolve((Date.parse(valid_to) - Date.now()) / 86_400_000);
    });
    sent
      .on('timeout', () => sent.destroy(new Error('no answer in 3 s')))
      .on('error', reject)
      .end();
  }).catch((error) => reason(error));
  if (typeof days !== 'number')
    return wrong(`Port ${port} does not speak TLS as it should: ${days}`, 'npm start renews the certificate.');
  if (days < 14)
    return wrong(`The certificate of port ${port} ends in ${Math.floor(days)} days.`, 'npm start renews it.');
  return well(`Port ${port} answers with TLS of our authority, for ${Math.floor(days)} days more.`);
}

/** @param {Patient} patient @returns {Promise<Finding>} */
export async function lookAtInternalNames({ names }) {
  if (!names) return note('Names inside of environments could not be looked at.');
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  resolver.setServers([names.routerGateway]);
  try {
    const [address] = await resolver.resolve4('some-app.internal');
    return address === names.routerGateway
      ? well('Names of apps inside of environments (*.internal) lead to the router.')
      : wrong(`*.internal leads to ${address} instead of ${names.routerGateway}.`, 'docker restart <instance>_dns_1');
  } catch (error) {
    return wrong(`Our DNS for *.internal does not answer: ${reason(error)}`, 'docker logs <instance>_dns_1');
  }
}
