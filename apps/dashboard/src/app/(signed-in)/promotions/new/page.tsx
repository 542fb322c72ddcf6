import { diffPromotion, type PromotionDiff } from '@berth/platform/promotions/diff-promotion';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ActionForm } from '@/components/action-form';
import { Button } from '@/components/ui/button';
import { Card, Empty, Problem } from '@/components/ui/card';
import { shortSha, timeAgo } from '@/lib/format';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { requireActor } from '@/lib/session';
import { promoteAction } from './actions';

export const metadata: Metadata = { title: 'Promote' };

type Props = { searchParams: Promise<{ source?: string; target?: string }> };

export default async function PromotePage({ searchParams }: Props) {
  const actor = await requireActor();
  const { source: from, target: to } = await searchParams;
  if (!from || !to) notFound();
  const diff = await read(diffPromotion(berth().platform, { actor, source: from, target: to }));
  const { source, target, images, isOlder } = diff;
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <div>
          <h1 className="text-xl font-semibold">
            {source.environment} → {target.environment}
          </h1>
          <p className="text-sm text-muted">
            {source.app} v{source.version} <code className="font-mono text-[13px]">{shortSha(images.to.commit)}</code>{' '}
            to {target.app}
            {images.from && (
              <>
                , which runs <code className="font-mono text-[13px]">{shortSha(images.from.commit)}</code>
              </>
            )}
          </p>
        </div>
        <ActionForm action={promoteAction.bind(null, source.app, target.app)}>
          <Button look="primary">Promote to {target.environment}</Button>
        </ActionForm>
      </div>
      {isOlder && <Problem>{target.environment} runs a newer commit: this goes back.</Problem>}
      <Commits commits={diff.commits} />
      <Card title="Config" hint={`${target.app} keeps its own; this differs from ${source.app}`}>
        <Changes
          rows={diff.config.map(({ key, kind, from, to }) => ({ name: key, from: from ?? kind, to: to ?? kind }))}
        />
      </Card>
      <Card title="Processes" hint="Process types, health check, agents and cron jobs">
        <Changes rows={diff.processes.map(({ name, from, to }) => ({ name, from: from ?? '–', to: to ?? '–' }))} />
      </Card>
    </div>
  );
}

function Commits({ commits }: { commits: PromotionDiff['commits'] }) {
  return (
    <Card title="Commits">
      {commits.length === 0 && <Empty>No commits that were pushed between the two.</Empty>}
      <ul className="divide-y divide-line">
        {commits.map(({ commit, message, createdAt }) => (
          <li key={commit} className="flex gap-4 px-5 py-3 text-sm">
            <code className="font-mono text-[13px]">{shortSha(commit)}</code>
            <span className="min-w-0 flex-1 truncate">{message}</span>
            <span className="text-muted">{timeAgo(createdAt)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Changes({ rows }: { rows: readonly { name: string; from: string; to: string }[] }) {
  if (rows.length === 0) return <Empty>The same.</Empty>;
  return (
    <ul className="divide-y divide-line">
      {rows.map(({ name, from, to }) => (
        <li key={name} className="grid gap-x-6 gap-y-1 px-5 py-3 text-sm md:grid-cols-[1fr_1.5fr_1.5fr]">
          <code className="font-mono text-[13px]">{name}</code>
          <span className="truncate text-muted">{from}</span>
          <span className="truncate">{to}</span>
        </li>
      ))}
    </ul>
  );
}
