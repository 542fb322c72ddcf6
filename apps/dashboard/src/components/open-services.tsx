import type { ProjectView } from '@berth/platform/projects/get-project';
import { ExternalLink } from 'lucide-react';
import { Card } from './ui/card';

/** What the base answers for, in this browser: opened as the project sees it, and left again. By page loads: they lead to apps' hosts. */
export function OpenServices({ project: { name, base, fallbacks } }: { project: ProjectView }) {
  const answered = fallbacks.filter(({ app }) => app !== null);
  if (answered.length === 0) return null;
  return (
    <Card
      title="In the browser"
      hint={`Services of ${base.name} as ${name} sees them, in this browser, for an hour; who may open ${name} may use the same address`}
    >
      <ul className="divide-y divide-line">
        {answered.map(({ service }) => (
          <li key={service} className="flex items-center justify-between gap-4 px-5 py-2.5 text-sm">
            <a
              href={`/open/${name}/${service}`}
              className="inline-flex min-w-0 items-center gap-1.5 truncate text-accent hover:underline"
            >
              Open {service} as {name} sees it <ExternalLink className="size-3.5 shrink-0" />
            </a>
            <a href={`/open/${name}/${service}/leave`} className="shrink-0 text-muted hover:text-ink hover:underline">
              Leave {name}
            </a>
          </li>
        ))}
      </ul>
    </Card>
  );
}
