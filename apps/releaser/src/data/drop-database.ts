import pg from 'pg';

const { escapeIdentifier: name } = pg;

/** Cuts who is connected and drops the database; one that is gone is fine. */
export async function dropDatabase(admin: pg.Client, database: string): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${name(database)} WITH (FORCE)`);
}

/** Drops roles that own nothing any more; those that are gone are fine. */
export async function dropRoles(admin: pg.Client, roles: readonly string[]): Promise<void> {
  for (const role of roles) await admin.query(`DROP ROLE IF EXISTS ${name(role)}`);
}
