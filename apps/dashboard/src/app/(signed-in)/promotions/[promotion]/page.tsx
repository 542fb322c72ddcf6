import { getGateOutput } from '@berth/platform/promotions/get-gate-output';
import { getPromotion, type PromotionView } from '@berth/platform/promotions/get-promotion';
import type { Metadata } from 'next';
import Link from 'next/link';
import { ActionButton } from '@/components/action-button';
import { ActionForm } from '@/components/action-form';
import { LiveRefresh } from '@/components/live-refresh';
import { Button } from '@/components/ui/button';
import { Card, Empty, Problem } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { Status } from '@/components/ui/status';
import { shortSha, timeAgo } from '@/lib/format';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { requireActor } from '@/lib/session';
import { answerAction, cancelAction } from './actions';

export const metadata: Metadata = { title: 'Promotion' };

type Props = { params: Promise<{ promotion: string }> };

export default async function PromotionPage({ params }: Props) {
  const actor = await requireActor();
  const { promotion: id } = await params;
  const promotion = await read(getPromotion(berth().platform, { actor, promotion: id }));
  const { source, target, status, image, release, person, error, createdAt } = promotion;
  const isOpen = (status === 'pending' || status === 'running') && !release;
  return (
    <div className="space-y-6">
      <LiveRefresh stream="/api/streams/changes" />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="text-xl font-semibold">
          {source.environment} → {target.environment}
        </h1>
        <Status status={status} />
        <p className="text-sm text-muted">
          {source.app.name} v{source.version} <code className="font-mono text-[13px]">{shortSha(image.commit)}</code>,
          asked for by {person.email} {timeAgo(createdAt)}
        </p>
      </div>
      {error && <Problem>{error.message}</Problem>}
      {release && (
        <p className="text-sm">
          It is{' '}
          <Link href={`/apps/${target.app.name}/releases/v${release.version}`} className="text-accent hover:underline">
            v{release.version} of {target.app.name}
          </Link>
          .
        </p>
      )}
      <Gates actor={actor} promotion={promotion} />
      <Approvals promotion={promotion} mayAnswer={isOpen && person.id !== actor.userId} />
      {isOpen && <ActionButton action={cancelAction.bind(null, id)}>Cancel</ActionButton>}
    </div>
  );
}

/** What the gates said, the output of commands below them. */
async function Gates({ actor, promotion: { id, gates } }: { actor: { userId: string }; promotion: PromotionView }) {
  if (gates.length === 0) return null;
  const outputs = await Promise.all(
    gates.map(({ position, command, endedAt }) =>
      command !== null && endedAt
        ? getGateOutput(berth().platform, { actor, promotion: id, position }).catch(() => '')
        : undefined,
    ),
  );
  return (
    <Card title="Gates" hint="What must hold before it is released">
      <ul className="divide-y divide-line">
        {gates.map(({ position, path, command, state }, index) => (
          <li key={position} className="px-5 py-3 text-sm">
            <p className="flex flex-wrap gap-x-4">
              <code className="flex-1 font-mono text-[13px]">{path ?? `$ ${command}`}</code>
              <span className={state === 'shut' ? 'font-medium' : 'text-muted'}>{state}</span>
            </p>
            {outputs[index] && (
              <pre className="mt-2 max-h-96 overflow-auto whitespace-pre-wrap font-mono text-[13px] text-muted">
                {outputs[index]}
              </pre>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Approvals({ promotion, mayAnswer }: { promotion: PromotionView; mayAnswer: boolean }) {
  const { id, approvals, approvalsWanted } = promotion;
  if (approvalsWanted === 0) return null;
  return (
    <Card title="Approvals" hint={`${approvalsWanted} by somebody else`}>
      {approvals.length === 0 && <Empty>Nobody has answered yet.</Empty>}
      <ul className="divide-y divide-line">
        {approvals.map(({ person, isApproved, comment, createdAt }) => (
          <li key={person.id} className="flex flex-wrap gap-x-4 px-5 py-3 text-sm">
            <span className="font-medium">{person.email}</span>
            <span>{isApproved ? 'approved' : 'rejected'}</span>
            <span className="flex-1 text-muted">{comment}</span>
            <span className="text-muted">{timeAgo(createdAt)}</span>
          </li>
        ))}
      </ul>
      {mayAnswer && (
        <div className="grid gap-3 border-t border-line p-5">
          <ActionForm action={answerAction.bind(null, id, true)} className="flex flex-wrap gap-3">
            <Input name="comment" aria-label="Comment on the approval" placeholder="Comment" className="flex-1" />
            <Button look="primary">Approve</Button>
          </ActionForm>
          <ActionForm action={answerAction.bind(null, id, false)} className="flex flex-wrap gap-3">
            <Input name="comment" aria-label="Why it is rejected" placeholder="Why not" className="flex-1" />
            <Button>Reject</Button>
          </ActionForm>
        </div>
      )}
    </Card>
  );
}
