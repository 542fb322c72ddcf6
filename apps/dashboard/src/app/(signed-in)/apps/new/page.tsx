import { listTeams } from '@berth/platform/teams/list-teams';
import type { Metadata } from 'next';
import { ActionForm } from '@/components/action-form';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Field, Input } from '@/components/ui/input';
import { berth } from '@/lib/platform';
import { requireActor } from '@/lib/session';
import { createAppAction } from './actions';

export const metadata: Metadata = { title: 'Create app' };

export default async function NewAppPage() {
  const actor = await requireActor();
  const teams = await listTeams(berth().platform, { actor });
  return (
    <div className="mx-auto max-w-xl space-y-6">
      <h1 className="text-xl font-semibold">Create app</h1>
      <Card className="p-5">
        <ActionForm action={createAppAction} className="grid gap-4">
          <Field
            label="Name"
            hint="Lowercase letters, digits and dashes; it becomes the app's host name. Empty: a name is made up."
          >
            <Input name="name" autoFocus autoComplete="off" placeholder="my-app" />
          </Field>
          {teams.length > 1 && (
            <Field label="Team">
              <select name="team" className="h-9 w-full rounded-lg border border-line bg-surface px-3 text-sm">
                {teams.map((team) => (
                  <option key={team.id}>{team.name}</option>
                ))}
              </select>
            </Field>
          )}
          <Button look="primary">Create app</Button>
        </ActionForm>
      </Card>
    </div>
  );
}
