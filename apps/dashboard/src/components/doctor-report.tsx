import type { HopTree, ServiceReport } from '@berth/domain/doctor-report';
import { Status } from './ui/status';

const calls = (count: number) => (count === 1 ? '1 call' : `${count} calls`);

/** A verdict in plain words. */
function sentence({ verdict, carried, lost, isRemarked, environment }: ServiceReport, probed: string): string {
  if (verdict === 'carried') return `carried the mark in ${carried === 1 ? 'its 1 call' : `all ${carried} calls`}.`;
  if (verdict === 'no-calls') return 'called nobody: try a path that does.';
  const made = `lost the mark in ${calls(lost)} of ${carried + lost}`;
  if (isRemarked) return `${made}; the router put it back, since it runs in ${probed}.`;
  return `${made}: what it called answered for ${environment}, not for ${probed}.`;
}

/** What each service that was reached did with the mark. */
export function Verdicts({ services, environment }: { services: readonly ServiceReport[]; environment: string }) {
  if (services.length === 0) return <p className="text-sm text-muted">The request reached no service.</p>;
  return (
    <ul className="space-y-2 text-sm">
      {services.map((report) => (
        <li key={`${report.environment} ${report.service}`} className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Status status={report.verdict === 'lost' && report.isRemarked ? 'put back' : report.verdict} />
          <span className="min-w-0">
            <span className="font-medium">{report.service}</span> <span className="text-muted">in</span>{' '}
            {report.environment} {sentence(report, environment)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Who called whom: each call below the request that it was made for. */
export function Hops({ hops, isInner = false }: { hops: readonly HopTree[]; isInner?: boolean }) {
  if (hops.length === 0) return null;
  return (
    <ul
      aria-label={isInner ? undefined : 'Calls'}
      className={isInner ? 'ml-3 border-l border-line pl-3 sm:ml-4 sm:pl-4' : 'overflow-x-auto'}
    >
      {hops.map((hop) => (
        <li key={`${hop.id} ${hop.at} ${hop.host}`}>
          <Hop hop={hop} />
          <Hops hops={hop.calls} isInner />
        </li>
      ))}
    </ul>
  );
}

function Hop({ hop: { host, answeredBy, status, ms, isTraced, reason } }: { hop: HopTree }) {
  return (
    <p className="flex flex-wrap items-center gap-x-2.5 py-1 text-sm">
      <span className="font-medium">{answeredBy?.service ?? host}</span>
      {answeredBy ? (
        <span data-environment={answeredBy.environment} className="rounded-md bg-raised px-1.5 text-[13px]">
          {answeredBy.environment}
        </span>
      ) : (
        <span className="text-bad">nobody answered{reason && ` (${reason})`}</span>
      )}
      <span className={status >= 500 ? 'text-bad' : 'text-muted'}>{status}</span>
      <span className="text-muted">{ms} ms</span>
      {answeredBy?.process === 'machine' && <span className="text-busy">by a connected machine</span>}
      {!isTraced && <span className="text-bad">without the mark</span>}
    </p>
  );
}
