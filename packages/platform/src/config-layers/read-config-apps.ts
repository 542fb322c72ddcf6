import type { Db, Tx } from '@berth/db/client';
import type { Prisma } from '@berth/db/generated/client';
import { type ConfigApp, type ConfigLayer, type ConfigOrigin, serviceUrlKey } from '@berth/domain/resolve-config';
import { appUrl } from '../addresses.js';
import type { Platform } from '../platform.js';
import { attachedVars } from './attached-vars.js';
import { sharedRedis } from './shared-redis.js';

const include = {
  pipeline: { select: { name: true } },
  configVars: true,
  environment: { include: { configVars: true, base: { include: { configVars: true } } } },
  attachments: { include: { addOn: { include: { credentials: true, app: { select: { environmentId: true } } } } } },
} satisfies Prisma.AppInclude;

type AppRow = Prisma.AppGetPayload<{ include: typeof include }>;
type VarRow = { key: string; value: string; isSecret: boolean; isReference: boolean };

/** An app and what its config is made of: with references, all apps that they may name. */
export async function readConfigApps(platform: Platform, db: Db | Tx, appId: string): Promise<ConfigApp[]> {
  const app = await db.app.findUniqueOrThrow({ where: { id: appId }, include });
  const { baseId } = app.environment;
  const { pipelineId } = app;
  const base =
    baseId && pipelineId ? await db.app.findFirst({ where: { pipelineId, environmentId: baseId }, include }) : null;
  const { teamId } = app;
  const team = await readTeam(db, teamId);
  const layers = [...layersOfRow(app), ...(base ? [base.configVars] : []), team.vars];
  const isSelfContained = !layers.flat().some(isReference);
  const services = pipelineId || !isSelfContained ? await listServices(db, teamId) : [];
  const rows = isSelfContained ? [app, ...(base ? [base] : [])] : await readNeighbours(db, app);
  return rows.map((row) => toConfigApp(platform, row, rows, team, services));
}

/** All apps of a team in a few queries, however many there are. */
export async function readConfigAppsOfTeam(platform: Platform, db: Db | Tx, teamId: string): Promise<ConfigApp[]> {
  const rows = await db.app.findMany({ where: { teamId, destroyedAt: null }, include });
  const team = await readTeam(db, teamId);
  const services = await listServices(db, teamId);
  return rows.map((row) => toConfigApp(platform, row, rows, team, services));
}

async function readTeam(db: Db | Tx, teamId: string): Promise<{ name: string; vars: VarRow[] }> {
  const vars = await db.teamConfigVar.findMany({ where: { teamId }, include: { team: { select: { name: true } } } });
  return { name: vars[0]?.team.name ?? '', vars };
}

async function listServices(db: Db | Tx, teamId: string): Promise<string[]> {
  return (await db.pipeline.findMany({ where: { teamId }, select: { name: true } })).map(({ name }) => name);
}

const isReference = (row: VarRow) => row.isReference;
const layersOfRow = ({ configVars, environment }: AppRow): VarRow[][] => [
  configVars,
  environment.configVars,
  environment.base?.configVars ?? [],
];

/** All apps of its environment and of its base. */
function readNeighbours(db: Db | Tx, { environment, id }: AppRow): Promise<AppRow[]> {
  const environmentId = { in: [environment.id, ...(environment.baseId ? [environment.baseId] : [])] };
  return db.app.findMany({ where: { environmentId, OR: [{ destroyedAt: null }, { id }] }, include });
}

function toConfigApp(
  platform: Platform,
  row: AppRow,
  rows: readonly AppRow[],
  team: { name: string; vars: VarRow[] },
  services: readonly string[],
): ConfigApp {
  const { id, name, environment, pipeline } = row;
  const { base } = environment;
  const baseApp = rows.find(
    (one) => base && one.environmentId === base.id && one.pipelineId !== null && one.pipelineId === row.pipelineId,
  );
  const layer = (origin: ConfigOrigin, from: string, vars: readonly VarRow[]): ConfigLayer => ({
    ...{ origin, from },
    values: new Map(
      vars.map(({ key, value, isSecret, isReference }) => [
        key,
        { text: platform.secrets.open(value), isSecret, isReference },
      ]),
    ),
  });
  return {
    ...{ id, name, service: pipeline?.name ?? name },
    environment: { id: environment.id, name: environment.name, baseId: environment.baseId },
    url: appUrl(platform.addresses, name),
    layers: [
      surroundings(row, services),
      layer('team', team.name, team.vars),
      ...(base ? [layer('base environment', base.name, base.configVars)] : []),
      ...(baseApp ? [layer('base app', baseApp.name, baseApp.configVars)] : []),
      layer('environment', environment.name, environment.configVars),
      layer('app', name, row.configVars),
      ...attachedVars(platform, row.attachments),
      sharedRedis(row),
    ],
  };
}

/** What an app in a pipeline is told of its surroundings. Apps on their own get nothing that they have not asked for. */
function surroundings({ environment, pipeline }: AppRow, services: readonly string[]): ConfigLayer {
  const others = services.filter((service) => service !== pipeline?.name);
  const vars = pipeline
    ? [
        ['BERTH_ENVIRONMENT', environment.name],
        ['BERTH_SERVICE', pipeline.name],
        ...others.map((service) => [serviceUrlKey(service), `http://${service}.internal`]),
      ]
    : [];
  return {
    ...{ origin: 'berth', from: 'berth' },
    values: new Map(vars.map(([key = '', text = '']) => [key, { text, isSecret: false, isReference: false }])),
  };
}
