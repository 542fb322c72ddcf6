import { LiveText } from '@/components/live-text';
import { Card } from '@/components/ui/card';

export default async function LogsPage({ params }: { params: Promise<{ app: string }> }) {
  const { app } = await params;
  return (
    <Card title="Logs" hint="app, router, build and release lines, as they come.">
      <LiveText
        stream={`/api/streams/apps/${app}/log`}
        empty="No lines yet."
        className="h-[calc(100dvh-20rem)] min-h-80"
      />
    </Card>
  );
}
