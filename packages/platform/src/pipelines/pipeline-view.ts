import type { Db, Tx } from '@berth/db/client';
import type { Prisma } from '@berth/db/generated/client';
import { type PipelineStage, pipelineStage } from '@berth/domain/pipeline-stage';
import { pipelineGitUrl } from '../addresses.js';
import type { Platform } from '../platform.js';

/** One service's line of apps. */
export interface PipelineView {
  id: string;
  name: string;
  team: { id: string; name: string };
  /** What to push to: its first app takes main. */
  gitUrl: string;
  createdById: string;
  createdAt: Date;
  /** In the order of their environments, project ones first. */
  apps: CoupledApp[];
}

/** An app's place in a pipeline. Heroku's "coupling" has the app's id. */
export interface CoupledApp {
  id: string;
  name: string;
  environment: { id: string; name: string };
  stage: PipelineStage;
  createdAt: Date;
}

const include = {
  team: {
    include: { environments: { where: { kind: 'stable' }, orderBy: [{ position: 'asc' }, { createdAt: 'asc' }] } },
  },
  apps: { where: { destroyedAt: null }, include: { environment: true }, orderBy: { name: 'asc' } },
} satisfies Prisma.PipelineInclude;

type Row = Prisma.PipelineGetPayload<{ include: typeof include }>;

/** The pipelines that match, by name. */
export async function readPipelineViews(
  { addresses }: Platform,
  db: Db | Tx,
  where: Prisma.PipelineWhereInput,
): Promise<PipelineView[]> {
  const rows = await db.pipeline.findMany({ where, include, orderBy: [{ name: 'asc' }, { id: 'asc' }] });
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    team: { id: row.team.id, name: row.team.name },
    gitUrl: pipelineGitUrl(addresses, { team: row.team.name, pipeline: row.name }),
    createdById: row.createdById,
    createdAt: row.createdAt,
    apps: toCoupledApps(row),
  }));
}

function toCoupledApps({ apps, team }: Row): CoupledApp[] {
  const line = team.environments.map(({ id }) => id);
  return apps
    .map(({ id, name, environment, createdAt }) => {
      const index = line.indexOf(environment.id);
      const stage = pipelineStage(
        environment.kind === 'project' ? { kind: 'project' } : { kind: 'stable', index, count: line.length },
      );
      return {
        index,
        app: { id, name, environment: { id: environment.id, name: environment.name }, stage, createdAt },
      };
    })
    .sort((a, b) => a.index - b.index)
    .map(({ app }) => app);
}
