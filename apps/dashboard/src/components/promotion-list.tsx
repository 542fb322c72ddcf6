import type { PromotionView } from '@berth/platform/promotions/get-promotion';
import Link from 'next/link';
import { shortSha, timeAgo } from '@/lib/format';
import { Card } from './ui/card';
import { Status } from './ui/status';

/** Who promoted what; nothing where nobody has. Each line leads to the promotion's own page, with its gates and approvals. */
export function PromotionList({ promotions }: { promotions: readonly PromotionView[] }) {
  if (promotions.length === 0) return null;
  return (
    <Card title="Promotions" hint="Who promoted what lately">
      <ul className="divide-y divide-line">
        {promotions.map((promotion) => (
          <Line key={promotion.id} promotion={promotion} />
        ))}
      </ul>
    </Card>
  );
}

function Line({ promotion }: { promotion: PromotionView }) {
  const { id, pipeline, source, target, image, release, status, person, createdAt } = promotion;
  return (
    <li className="relative grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-1 px-5 py-3 text-sm hover:bg-raised/60 lg:grid-cols-[minmax(16rem,2fr)_7rem_minmax(8rem,1fr)_minmax(14rem,auto)]">
      <Link href={`/promotions/${id}`} className="min-w-0 truncate font-medium after:absolute after:inset-0">
        {pipeline.name}: {source.environment} → {target.environment}
      </Link>
      <div className="justify-self-end lg:justify-self-start">
        <Status status={status} />
      </div>
      <p className="text-muted">
        <code className="font-mono text-[13px]">{shortSha(image.commit)}</code> {release && `v${release.version}`}
      </p>
      <p className="truncate text-[13px] text-muted lg:text-right">
        {person.email}, {timeAgo(createdAt)}
      </p>
    </li>
  );
}
