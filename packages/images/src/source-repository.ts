/** Where the sources of one service are kept in the registry. */
export const sourceRepository = (repositoryId: string): string => `source/${repositoryId}`;
