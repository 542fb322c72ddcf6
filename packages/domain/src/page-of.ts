/** One page of a long list. */
export interface ListPage {
  /** From 1. */
  page: number;
  /** At least 1. */
  pages: number;
  /** How many match, on all pages. */
  total: number;
}

/**
 * Which page is shown, and which rows are on it; a page further than the last is the last, and what is no page is the first.
 * @param total rows in all
 */
export function pageOf(total: number, { wanted, size }: { wanted: number; size: number }) {
  const pages = Math.max(1, Math.ceil(total / size));
  const page = Math.min(Math.max(1, Math.trunc(wanted) || 1), pages);
  return { at: { page, pages, total } satisfies ListPage, rows: { skip: (page - 1) * size, take: size } };
}
