import { ownsInstallation } from '@berth/platform/auth/require-installation-owner';
import { getQuota } from '@berth/platform/quotas/get-quota';
import { getUsage } from '@berth/platform/usage/get-usage';
import { reportUsage } from '@berth/platform/usage/report-usage';
import { QuotaCard } from '@/components/quota-card';
import { UsageCard } from '@/components/usage-card';
import { monthOf } from '@/lib/format';
import { berth } from '@/lib/platform';
import { prices } from '@/lib/prices';
import { read } from '@/lib/read';
import { requireActor } from '@/lib/session';
import { setTeamQuotaAction } from './actions';

interface Props {
  params: Promise<{ team: string }>;
  searchParams: Promise<{ month?: string }>;
}

export default async function TeamPage({ params, searchParams }: Props) {
  const actor = await requireActor();
  const { team } = await params;
  const { month: wanted = '' } = await searchParams;
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(wanted) ? wanted : monthOf(new Date());
  const { platform } = berth();
  const [usage, quota, mayGiveRoom] = await read(
    Promise.all([
      getUsage(platform, { actor, team, month }),
      getQuota(platform, { actor, team }),
      ownsInstallation(platform, { actor }),
    ]),
  );
  return (
    <div className="grid items-start gap-6 xl:grid-cols-[2fr_1fr]">
      <UsageCard team={team} month={month} report={reportUsage(usage, prices())} />
      <QuotaCard
        quota={quota}
        names={['apps', 'environments', 'memoryMiB', 'cpus', 'diskMiB']}
        hint={mayGiveRoom ? 'An empty limit is none' : 'Owners of the installation give limits to teams'}
        action={mayGiveRoom ? setTeamQuotaAction.bind(null, team) : undefined}
      />
    </div>
  );
}
