import pg from 'pg';

/** The orders, each with the version that took it, in PostgreSQL; without one, in memory. */
export async function openOrders(url) {
  if (!url) {
    const kept = [];
    return { add: async (version) => kept.push({ order: kept.length + 1, version }), list: async () => kept };
  }
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  await pool.query('CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, version text NOT NULL)');
  return {
    add: async (version) => {
      const { rows } = await pool.query('INSERT INTO orders (version) VALUES ($1) RETURNING id', [version]);
      return rows[0].id;
    },
    list: async () => (await pool.query('SELECT id AS order, version FROM orders ORDER BY id')).rows,
  };
}
