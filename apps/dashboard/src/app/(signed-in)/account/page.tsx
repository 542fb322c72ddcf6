import { listSshKeys } from '@berth/platform/ssh-keys/list-ssh-keys';
import { listTokens } from '@berth/platform/tokens/list-tokens';
import type { Metadata } from 'next';
import { ActionButton } from '@/components/action-button';
import { ActionForm } from '@/components/action-form';
import { Button } from '@/components/ui/button';
import { Card, Empty } from '@/components/ui/card';
import { Textarea } from '@/components/ui/input';
import { timeAgo } from '@/lib/format';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';
import { addSshKeyAction, removeSshKeyAction, revokeTokenAction } from './actions';
import { NewToken } from './new-token';

export const metadata: Metadata = { title: 'Account' };

export default async function AccountPage() {
  const actor = await requireActor();
  const { platform } = berth();
  const [tokens, keys] = await Promise.all([listTokens(platform, { actor }), listSshKeys(platform, { actor })]);
  return (
    <div className="space-y-6">
      <h1 className="text-xl font-semibold">{actor.name}</h1>
      <div className="grid items-start gap-6 xl:grid-cols-2">
        <Card title="API tokens" hint="For git over HTTP, the Heroku CLI and programs. Each can do what you can do.">
          {tokens.length === 0 && <Empty>No tokens.</Empty>}
          <ul className="divide-y divide-line">
            {tokens.map((token) => (
              <li key={token.id} className="flex items-center gap-4 px-5 py-3">
                <div className="min-w-0 flex-1">
                  <p className="truncate text-sm">{token.description}</p>
                  <p className="text-[13px] text-muted">
                    made {timeAgo(token.createdAt)}
                    {token.lastUsedAt ? `, used ${timeAgo(token.lastUsedAt)}` : ', never used'}
                  </p>
                </div>
                <ActionButton
                  action={revokeTokenAction.bind(null, token.id)}
                  size="small"
                  confirm="Revoke this token? What uses it stops working at once."
                >
                  Revoke
                </ActionButton>
              </li>
            ))}
          </ul>
          <NewToken />
        </Card>
        <Card title="SSH keys" hint="For git over SSH.">
          {keys.length === 0 && <Empty>No SSH keys.</Empty>}
          <ul className="divide-y divide-line">
            {keys.map((key) => (
              <li key={key.id} className="flex items-center gap-4 px-5 py-3">
                <div className="min-w-0 flex-1">
                  <p className="truncate text-sm">{key.comment || 'no comment'}</p>
                  <code className="block truncate font-mono text-[13px] text-muted">{key.fingerprint}</code>
                </div>
                <ActionButton action={removeSshKeyAction.bind(null, key.id)} size="small" confirm="Remove this key?">
                  Remove
                </ActionButton>
              </li>
            ))}
          </ul>
          <ActionForm action={addSshKeyAction} className="space-y-3 border-t border-line bg-raised/50 p-5">
            <Textarea name="publicKey" aria-label="Public key" placeholder="ssh-ed25519 AAAA… you@laptop" required />
            <Button>Add key</Button>
          </ActionForm>
        </Card>
      </div>
    </div>
  );
}
