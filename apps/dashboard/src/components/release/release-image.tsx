import type { ImageOrigin } from '@berth/platform/images/get-release-origin';
import type { ReactNode } from 'react';
import { timeAgo } from '@/lib/format';
import { CopyButton } from '../copy-button';
import { Card, Empty } from '../ui/card';

/** What a release's image is, and what it lies on. */
export function ReleaseImage({ digest, origin }: { digest: string | null; origin: ImageOrigin | undefined }) {
  if (!digest)
    return (
      <Card title="Image">
        <Empty>It has none: nothing was deployed yet.</Empty>
      </Card>
    );
  const { labels, inputs, rebasedFrom = [] } = origin ?? {};
  const moved = rebasedFrom[0];
  const rows: [name: string, value: ReactNode][] = [
    ['Digest', <Digest key="image" digest={digest} />],
    ...row('Stack', labels?.stack, labels?.stackDigest),
    ...row('Runtime', labels?.runtime, labels?.runtimeDigest),
    ...row('Wanted', labels?.runtimeWish),
    ...row('Buildpack', inputs?.buildpack ?? labels?.buildpack),
    ...row('Tools', inputs?.tools.join(', ')),
    ...row('Rebased', moved && `from the image of ${timeAgo(moved.createdAt)}`, moved?.digest),
  ];
  return (
    <Card title="Image" {...(!origin && { hint: 'It is not kept any more.' })}>
      <dl className="divide-y divide-line">
        {rows.map(([name, value]) => (
          <div key={name} className="grid gap-x-4 gap-y-1 px-5 py-2.5 text-sm sm:grid-cols-[7rem_1fr]">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

/** None where nothing is known of it: an image that was pushed ready-made says little. */
function row(name: string, text: string | undefined, digest?: string): [name: string, value: ReactNode][] {
  if (!text) return [];
  const value = (
    <>
      <p>{text}</p>
      {digest && <Digest digest={digest} />}
    </>
  );
  return [[name, value]];
}

const Digest = ({ digest }: { digest: string }) => (
  <span className="flex items-center gap-2">
    <code className="min-w-0 flex-1 truncate font-mono text-[13px] text-muted" title={digest}>
      {digest}
    </code>
    <CopyButton text={digest} />
  </span>
);
