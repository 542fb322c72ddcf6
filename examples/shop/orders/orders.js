import pg from 'pg';

/** The orders, in PostgreSQL; without one, in memory. */
export async function openOrders(url) {
  if (!url) {
    const kept = [];
    return { add: async (version) => kept.push(version), count: async () => kept.length };
  }
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  await pool.query('CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, version text NOT NULL)');
  return {
    add: async (version) => {
      const { rows } = await pool.query('INSERT INTO orders (version) VALUES ($1) RETURNING id', [version]);
      return rows[0].id;
    },
    count: async () => Number((await pool.query('SELECT count(*) FROM orders')).rows[0].count),
  };
}
