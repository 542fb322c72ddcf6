/** Images of one service. */
export const imageRepository = (repositoryId: string): string => `app/${repositoryId}`;

/** Dependencies that the apps of one team share. */
export const dependenciesRepository = (teamId: string): string => `dependencies/${teamId}`;
