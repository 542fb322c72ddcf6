/** Port of the data server (apps' PostgreSQL databases), at the gateway address of the router network. */
export const dataPort = 5432;
