import { freezeNow } from '@berth/domain/check-deploy';
import { mayDo } from '@berth/platform/auth/rights';
import { getEnvironment } from '@berth/platform/environments/get-environment';
import { getQuota } from '@berth/platform/quotas/get-quota';
import { getSleepPolicy } from '@berth/platform/sleep/set-sleep-policy';
import { FreezeCard } from '@/components/policy/freeze-card';
import { KeepingForm } from '@/components/policy/keeping-form';
import { PolicyForm } from '@/components/policy/policy-form';
import { SleepForm } from '@/components/policy/sleep-form';
import { QuotaCard } from '@/components/quota-card';
import { config } from '@/lib/config';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { roleIn } from '@/lib/role-in';
import { requireActor } from '@/lib/session';
import {
  endFreezeAction,
  freezeAction,
  setKeepingAction,
  setPolicyAction,
  setQuotaAction,
  setSleepAction,
} from './actions';

export default async function PolicyPage({ params }: { params: Promise<{ team: string; environment: string }> }) {
  const names = await params;
  const of = { actor: await requireActor(), ...names };
  const { platform } = berth();
  const [environment, sleep, quota, role] = await read(
    Promise.all([getEnvironment(platform, of), getSleepPolicy(platform, of), getQuota(platform, of), roleIn(of.team)]),
  );
  const mayChange = mayDo(role, 'environment.change');
  const { team, name, policy } = environment;
  return (
    <>
      {!mayChange && <p className="text-sm text-muted">Admins of {team.name} change what is below.</p>}
      <div className="grid items-start gap-6 xl:grid-cols-2">
        <div className="min-w-0 space-y-6">
          <FreezeCard
            name={name}
            freeze={freezeNow(policy, new Date())}
            mayChange={mayChange}
            freezeAction={freezeAction.bind(null, team.name, name)}
            endAction={endFreezeAction.bind(null, team.name, name)}
          />
          <PolicyForm
            environment={environment}
            mayChange={mayChange}
            action={setPolicyAction.bind(null, team.name, name)}
          />
        </div>
        <div className="min-w-0 space-y-6">
          <SleepForm policy={sleep} mayChange={mayChange} action={setSleepAction.bind(null, team.name, name)} />
          <KeepingForm
            environment={environment}
            mayChange={mayChange}
            hasProductionRegistry={config().BERTH_HAS_PRODUCTION_REGISTRY}
            action={setKeepingAction.bind(null, team.name, name)}
          />
          <QuotaCard
            quota={quota}
            names={['apps', 'memoryMiB', 'cpus', 'diskMiB']}
            hint="What its apps may take together, by their sizes"
            action={mayChange ? setQuotaAction.bind(null, team.name, name) : undefined}
          />
        </div>
      </div>
    </>
  );
}
