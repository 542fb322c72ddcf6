import { getApp } from '@berth/platform/apps/get-app';
import { listReleases } from '@berth/platform/releases/list-releases';
import { ReleaseList } from '@/components/release-list';
import { Card } from '@/components/ui/card';
import { berth } from '@/lib/platform';
import { read } from '@/lib/read';
import { requireActor } from '@/lib/session';

export default async function ReleasesPage({ params }: { params: Promise<{ app: string }> }) {
  const actor = await requireActor();
  const { platform } = berth();
  const app = await read(getApp(platform, { actor, app: (await params).app }));
  const releases = await listReleases(platform, { actor, app: app.id });
  return (
    <Card
      title="Releases"
      hint="Rolling back makes a new release of an older image and its config. It starts no build."
    >
      <ReleaseList app={app} releases={releases} />
    </Card>
  );
}
