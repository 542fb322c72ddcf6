import { mayDo } from '@berth/platform/auth/rights';
import { getSharedVars } from '@berth/platform/config-vars/get-shared-vars';
import { LayerVars } from '@/components/layer-vars';
import { berth } from '@/lib/platform';
import { findProject } from '@/lib/project';
import { roleIn } from '@/lib/role-in';
import { requireActor } from '@/lib/session';
import { removeSharedVarAction, setSharedVarAction } from '../../../teams/[team]/environments/[environment]/actions';

/** The team's layer, the base's and its own: apps of a project environment have what the base's have unless they say otherwise. */
export default async function ProjectConfigPage({ params }: { params: Promise<{ environment: string }> }) {
  const actor = await requireActor();
  const { platform } = berth();
  const { environment } = await params;
  const { name, team, base } = await findProject(environment);
  const of = { actor, team: team.id };
  const [ofTeam, ofBase, own, role] = await Promise.all([
    getSharedVars(platform, of),
    getSharedVars(platform, { ...of, environment: base.name }),
    getSharedVars(platform, { ...of, environment: name }),
    roleIn(team.id),
  ]);
  return (
    <LayerVars
      layers={[
        { origin: `team ${team.name}`, vars: ofTeam },
        { origin: `base environment ${base.name}`, vars: ofBase },
        { origin: `environment ${name}`, vars: own },
      ]}
      mayChange={mayDo(role, 'environment.set-config')}
      setAction={setSharedVarAction.bind(null, team.name, name)}
      removeAction={removeSharedVarAction.bind(null, team.name, name)}
    />
  );
}
