import type { AppView } from '@berth/platform/apps/app-view';
import { Commands } from './commands';
import { Card } from './ui/card';

/** Shown until the first push arrives; the page then turns into the deploy by itself. */
export function FirstPush({ app }: { app: Pick<AppView, 'name' | 'gitUrl'> }) {
  return (
    <Card title="Push it" hint="This page notices by itself when the push has arrived.">
      <div className="space-y-4 p-5">
        <p className="text-sm">In the folder of your app, with everything committed:</p>
        <Commands lines={[`git remote add berth ${app.gitUrl}`, 'git push berth HEAD:main']} />
        <p className="text-sm text-muted">
          Git asks for a user name and a password: any name, and an API token from your account page as password. The
          certificate is our own: <code className="font-mono text-[13px]">npm run -s env</code> on the host prints where
          it is.
        </p>
      </div>
    </Card>
  );
}
