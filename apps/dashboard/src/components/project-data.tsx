import type { ProjectAddOn } from '@berth/platform/projects/list-project-data';
import { Card, Empty } from './ui/card';
import { Status } from './ui/status';

const texts: Record<ProjectAddOn['policy'], (base: string | null) => string> = {
  share: (base) => `the same data as the base: ${base}`,
  empty: (base) => `a database of its own, empty at first, in place of ${base}`,
  copy: (base) => `a copy of ${base}`,
  own: () => 'made in this environment',
};

/** Each add-on of the environment's services, with what became of the base's data. */
export function ProjectData({ addOns, base }: { addOns: readonly ProjectAddOn[]; base: string }) {
  return (
    <Card title="Data" hint="Add-ons of its services; what is shared is written to by both">
      {addOns.length === 0 && <Empty>Its services have no add-ons, and neither have those of {base}.</Empty>}
      <ul className="divide-y divide-line">
        {addOns.map(({ service, attachment, addOn, status, policy, base: of, isMasked }) => (
          <li
            key={`${service} ${attachment}`}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3 text-sm"
          >
            <span className="font-medium">{service}</span>
            <code className="font-mono text-[13px] break-all">{attachment}_URL</code>
            <span className="min-w-0 flex-1 basis-64 text-muted">
              <span data-policy={policy} className="text-ink">
                {policy}
              </span>
              : {texts[policy](of)}
              {isMasked && ', masked'}
            </span>
            <span className="text-muted">{addOn}</span>
            {status !== 'provisioned' && <Status status={status} />}
          </li>
        ))}
      </ul>
    </Card>
  );
}
