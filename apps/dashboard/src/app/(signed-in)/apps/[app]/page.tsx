import { getApp } from '@berth/platform/apps/get-app';
import { listBuilds } from '@berth/platform/builds/list-builds';
import { getPromotedFrom } from '@berth/platform/promotions/get-promoted-from';
import { listReleases } from '@berth/platform/releases/list-releases';
import Link from 'next/link';
import { AppSleep } from '@/components/app-sleep';
import { Deploy } from '@/components/deploy';
import { FirstPromotion } from '@/components/first-promotion';
import { FirstPush } from '@/components/first-push';
import { Instances } from '@/components/instances';
import { ReleaseList } from '@/components/release-list';
import { Card } from '@/components/ui/card';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { requireActor } from '@/lib/session';

export default async function AppPage({ params }: { params: Promise<{ app: string }> }) {
  const actor = await requireActor();
  const { platform } = berth();
  const app = await read(getApp(platform, { actor, app: (await params).app }));
  const [releases, builds, from] = await Promise.all([
    listReleases(platform, { actor, app: app.id }),
    listBuilds(platform, { actor, app: app.id }),
    getPromotedFrom(platform, { actor, app: app.id }),
  ]);
  const lastBuild = builds[0];
  // Promoted apps, and those of project environments whose commit was built before, have releases and no build.
  const isNew = !lastBuild && !releases.some(({ imageDigest }) => imageDigest !== null);
  return (
    <div className="grid items-start gap-6 xl:grid-cols-2">
      <div className="min-w-0 space-y-6">
        {isNew && from && <FirstPromotion app={app} from={from} />}
        {isNew && !from?.isOnlyWay && <FirstPush app={app} />}
        {!isNew && <Deploy app={app} buildId={lastBuild?.id} newestRelease={releases[0]} />}
      </div>
      <div className="min-w-0 space-y-6">
        <Instances app={app} />
        {app.currentRelease && <AppSleep app={app} />}
        <Card
          title="Latest releases"
          action={
            <Link href={`/apps/${app.name}/releases`} className="text-sm text-accent hover:underline">
              All releases
            </Link>
          }
        >
          <ReleaseList app={app} releases={releases.slice(0, 5)} />
        </Card>
      </div>
    </div>
  );
}
