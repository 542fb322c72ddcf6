import { mayDo } from '@berth/platform/auth/rights';
import { getSharedVars } from '@berth/platform/config-vars/get-shared-vars';
import { LayerVars } from '@/components/layer-vars';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { roleIn } from '@/lib/role-in';
import { requireActor } from '@/lib/session';
import { removeSharedVarAction, setSharedVarAction } from '../actions';

export default async function StableConfigPage({ params }: { params: Promise<{ team: string; environment: string }> }) {
  const actor = await requireActor();
  const { team, environment } = await params;
  const { platform } = berth();
  const [ofTeam, own, role] = await read(
    Promise.all([
      getSharedVars(platform, { actor, team }),
      getSharedVars(platform, { actor, team, environment }),
      roleIn(team),
    ]),
  );
  return (
    <LayerVars
      layers={[
        { origin: `team ${team}`, vars: ofTeam },
        { origin: `environment ${environment}`, vars: own },
      ]}
      mayChange={mayDo(role, 'environment.set-config')}
      setAction={setSharedVarAction.bind(null, team, environment)}
      removeAction={removeSharedVarAction.bind(null, team, environment)}
    />
  );
}
