/** Where images have what carries the environment's mark along a call chain (packages/propagation), without leading slash. */
export const propagationRoot = 'opt/berth/propagation';

/** Read, where it is, by the shell that starts a process of an app: sets what loads it, beside what config vars say. */
export const propagationProfile = `/${propagationRoot}/profile.sh`;
