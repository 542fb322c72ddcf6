import type { UsageReport, UsageSum } from '@berth/platform/usage/report-usage';
import { ChevronLeft, ChevronRight, Download } from 'lucide-react';
import Link from 'next/link';
import { amount, monthOf } from '@/lib/format';
import { Button } from './ui/button';
import { Card, Empty } from './ui/card';

/** What a team's environments used in a month, and what that costs, with the apps of each below it. */
export function UsageCard({ team, month, report }: { team: string; month: string; report: UsageReport }) {
  const isPriced = report.cost !== null && report.apps.length > 0;
  return (
    <Card
      title={`Use in ${month}`}
      hint={isPriced ? `${amount(report.cost ?? 0)} in all` : 'CPU and memory that its apps had for themselves'}
      action={<Months team={team} month={month} />}
    >
      {report.apps.length === 0 ? (
        <Empty>Nothing was used in {month}. Use is counted each minute while an app runs.</Empty>
      ) : (
        <Table report={report} isPriced={isPriced} />
      )}
    </Card>
  );
}

function Months({ team, month }: { team: string; month: string }) {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const to = (step: number) => monthOf(new Date(Date.UTC(year, number - 1 + step)));
  const step = (label: string, wanted: string, icon: React.ReactNode) => (
    <Button size="small" asChild>
      <Link href={`/teams/${team}?month=${wanted}`} aria-label={`${label}, ${wanted}`}>
        {icon}
      </Link>
    </Button>
  );
  return (
    <div className="flex gap-2">
      {step('The month before', to(-1), <ChevronLeft />)}
      {to(0) < monthOf(new Date()) && step('The month after', to(1), <ChevronRight />)}
      <Button size="small" asChild>
        <a href={`/teams/${team}/usage.csv?month=${month}`} download>
          <Download /> CSV
        </a>
      </Button>
    </div>
  );
}

const number = 'px-3 py-2 text-right tabular-nums';

function Table({ report: { environments, apps }, isPriced }: { report: UsageReport; isPriced: boolean }) {
  return (
    <div className="scroll-sideways">
      <table className="w-full text-sm">
        <thead>
          <tr className="text-left text-[13px] text-muted">
            <th scope="col" className="px-5 py-2 font-normal">
              Environment and app
            </th>
            <th scope="col" className={`${number} font-normal`}>
              CPU, h
            </th>
            <th scope="col" className={`${number} font-normal`}>
              Memory, GiB-h
            </th>
            {isPriced && (
              <th scope="col" className={`${number} pr-5 font-normal`}>
                Cost
              </th>
            )}
          </tr>
        </thead>
        {environments.map(({ environment, ...sum }) => (
          <tbody key={environment} className="border-t border-line">
            <Row name={environment} sum={sum} isPriced={isPriced} look="font-medium" />
            {apps
              .filter((app) => app.environment === environment)
              .map((app) => (
                <Row key={app.app} name={app.app} sum={app} isPriced={isPriced} look="text-muted" />
              ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Row(props: { name: string; sum: UsageSum; isPriced: boolean; look: 'font-medium' | 'text-muted' }) {
  const { name, sum, isPriced, look } = props;
  return (
    <tr className={look}>
      <th scope="row" className={`px-5 py-2 text-left ${look === 'text-muted' ? 'pl-9 font-normal' : 'font-medium'}`}>
        {name}
      </th>
      <td className={number}>{amount(sum.cpuHours)}</td>
      <td className={number}>{amount(sum.gibHours)}</td>
      {isPriced && <td className={`${number} pr-5`}>{amount(sum.cost ?? 0)}</td>}
    </tr>
  );
}
