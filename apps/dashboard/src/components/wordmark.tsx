/** The name with its mark: a boat at its berth. */
export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2.5 text-[17px] font-semibold tracking-tight">
      <svg viewBox="0 0 24 24" className="size-6 text-accent" fill="currentColor" aria-hidden="true">
        <path d="M3 4h2v12H3zM19 4h2v12h-2zM7 11h10l-2 5H9zM11 4h2v6h-2zM3 18c2 0 2 1.5 4.5 1.5S10 18 12 18s2 1.5 4.500 1.500S19 18 21 18v2c-2 0-2 1.500-4.500 1.500S14 20 12 20s-2 1.500-4.500 1.500S5 20 3 20z" />
      </svg>
      Berth
    </span>
  );
}
