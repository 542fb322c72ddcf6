import Link from 'next/link';
import { Button } from './ui/button';

/** Links to the pages before and after; nothing when there is one page. `query` is kept. */
export function Pager(props: {
  path: string;
  query: Record<string, string>;
  name: string;
  page: number;
  pages: number;
  total: number;
}) {
  const { path, query, name, page, pages, total } = props;
  if (pages <= 1) return null;
  const to = (number: number) => `${path}?${new URLSearchParams({ ...query, [name]: String(number) })}`;
  return (
    <nav aria-label="Pages" className="flex items-center justify-between gap-4 border-t border-line px-5 py-3 text-sm">
      <Step href={page > 1 ? to(page - 1) : undefined}>Previous</Step>
      <span className="text-muted">
        Page {page} of {pages} · {total} in all
      </span>
      <Step href={page < pages ? to(page + 1) : undefined}>Next</Step>
    </nav>
  );
}

function Step({ href, children }: { href: string | undefined; children: string }) {
  if (!href)
    return (
      <Button size="small" disabled>
        {children}
      </Button>
    );
  return (
    <Button size="small" asChild>
      <Link href={href} prefetch={false}>
        {children}
      </Link>
    </Button>
  );
}
