/** What of an environment's row limits what its apps' files ask for: domain/environment-policy. */
export const surroundings = { kind: true, policy: true, base: { select: { policy: true } } } as const;
