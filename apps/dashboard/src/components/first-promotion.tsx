import type { AppView } from '@berth/platform/apps/app-view';
import type { PromotedFrom } from '@berth/platform/promotions/get-promoted-from';
import Link from 'next/link';
import { Button } from './ui/button';
import { Card } from './ui/card';

/** Shown until the first promotion into an app that has another before it in the line. */
export function FirstPromotion({ app, from }: { app: Pick<AppView, 'name' | 'environment'>; from: PromotedFrom }) {
  const { environment } = app;
  return (
    <Card title="Promote it" hint="This page notices by itself when the promotion is released.">
      <div className="space-y-4 p-5">
        <p className="text-sm">
          What runs in {environment.name} comes by promotion from{' '}
          <Link href={`/apps/${from.app}`} className="text-accent hover:underline">
            {from.app}
          </Link>{' '}
          ({from.environment}): the same image, with the config of {app.name}.
          {from.isOnlyWay && ` A push right here is refused, since ${environment.name} asks for approvals.`}
        </p>
        {from.hasRelease ? (
          <Button look="primary" asChild>
            <Link href={`/promotions/new?source=${from.app}&target=${app.name}`}>Promote from {from.environment}</Link>
          </Button>
        ) : (
          <p className="text-sm text-muted">{from.app} has no release yet: deploy there first.</p>
        )}
      </div>
    </Card>
  );
}
