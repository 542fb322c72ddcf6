import type { ProjectView } from '@berth/platform/projects/get-project';
import { Laptop } from 'lucide-react';
import Link from 'next/link';
import { shortSha } from '@/lib/format';

/**
 * Two lanes, the environment's and its base's, with a line per service: a full box in the lane that answers, and an arrow where
 * a call goes on to the base.
 */
export function FallbackDrawing({ project }: { project: ProjectView }) {
  const { name, base, services, fallbacks, detours } = project;
  const rows = [
    ...services.map(({ service, app, commit }) => ({ service, own: { app: app.name, commit }, base: null })),
    ...fallbacks.map(({ service, app, commit }) => ({ service, own: null, base: app && { app: app.name, commit } })),
  ].toSorted((a, b) => (a.service < b.service ? -1 : 1));
  return (
    <table className="mb-3 w-full table-fixed text-sm">
      <caption className="sr-only">Which environment answers for each service</caption>
      <thead>
        <tr className="text-left text-[13px] text-muted">
          <th scope="col" className="w-[30%] py-3 pr-2 pl-5 font-normal">
            A call to
          </th>
          <th scope="col" className="px-2 py-3 font-normal">
            in <span className="font-medium text-ink">{name}</span>
          </th>
          <th scope="col" className="w-8 sm:w-20">
            <span className="sr-only">goes on to</span>
          </th>
          <th scope="col" className="py-3 pr-5 pl-2 font-normal">
            in <span className="font-medium text-ink">{base.name}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.service} data-answered-by={answererOf(row, project)}>
            <th scope="row" title={row.service} className="truncate py-1.5 pr-2 pl-5 text-left font-medium">
              {row.service}
            </th>
            <td className="px-2 py-1.5">
              <OwnLane own={row.own} detour={detours.find(({ service }) => service === row.service)} />
            </td>
            <td className="py-1.5">{answererOf(row, project) === base.name && <Arrow />}</td>
            <td className="py-1.5 pr-5 pl-2">
              {row.base && <Box {...row.base} look="base" />}
              {answererOf(row, project) === 'nobody' && <span className="text-[13px] text-bad">nobody answers</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Row {
  service: string;
  own: { app: string; commit: string | null } | null;
  base: { app: string; commit: string | null } | null;
}

/** Who answers a call to the service: `machine`, somebody's own, before all others. */
function answererOf({ service, own, base }: Row, project: ProjectView): string {
  if (project.detours.some((detour) => detour.service === service)) return 'machine';
  return own ? project.name : base ? project.base.name : 'nobody';
}

function OwnLane({ own, detour }: { own: Row['own']; detour: ProjectView['detours'][number] | undefined }) {
  if (detour)
    return (
      <span className="flex min-w-0 items-center gap-1.5 rounded-lg border border-busy px-1.5 py-1.5 text-busy sm:px-3">
        <Laptop className="size-3.5 shrink-0" aria-hidden />
        <span className="truncate">{detour.by ? `machine of ${detour.by.email}` : 'a machine'}</span>
      </span>
    );
  return own ? <Box {...own} look="own" /> : <Hole />;
}

function Box({ app, commit, look }: { app: string; commit: string | null; look: 'own' | 'base' }) {
  return (
    <Link
      href={`/apps/${app}`}
      className={`block truncate rounded-lg border px-1.5 py-1.5 sm:px-3 hover:underline ${look === 'own' ? 'border-accent text-accent' : 'border-line bg-raised'}`}
    >
      {commit && <code className="font-mono text-[13px] sm:mr-2">{shortSha(commit)}</code>}
      <span className={commit ? 'hidden opacity-80 sm:inline' : ''}>{app}</span>
    </Link>
  );
}

/** The environment lacks the service. */
const Hole = () => <span className="block h-8 rounded-lg border border-dashed border-line" />;

function Arrow() {
  return (
    <svg viewBox="0 0 80 12" preserveAspectRatio="none" className="h-3 w-full text-muted" aria-hidden="true">
      <path
        d="M0 6H72M66 1l8 5-8 5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
