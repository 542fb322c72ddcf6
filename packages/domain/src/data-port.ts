/** Port of the data server (apps' PostgreSQL databases), at the gateway address of the router network. */
export const dataPort = 5432;

/** Port of add-ons' Redis servers, in the networks that they are in. */
export const redisPort = 6379;
