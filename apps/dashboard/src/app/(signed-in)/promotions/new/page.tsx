import { diffPromotion } from '@berth/platform/promotions/diff-promotion';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ActionForm } from '@/components/action-form';
import { ChangeList } from '@/components/change-list';
import { CommitList } from '@/components/commit-list';
import { Button } from '@/components/ui/button';
import { Card, Problem } from '@/components/ui/card';
import { shortSha } from '@/lib/format';
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
      <Card title="Commits">
        <CommitList commits={diff.commits} />
      </Card>
      <Card title="Config" hint={`${target.app} keeps its own; this differs from ${source.app}`}>
        <ChangeList
          rows={diff.config.map(({ key, kind, from, to }) => ({ name: key, from: from ?? kind, to: to ?? kind }))}
        />
      </Card>
      <Card title="Files" hint={`What Procfile, berth.yaml and app.json say, as it holds in ${target.environment}`}>
        <ChangeList rows={diff.processes.map(({ name, from, to }) => ({ name, from: from ?? '–', to: to ?? '–' }))} />
      </Card>
    </div>
  );
}
