console.log('connecting to the database');
throw new Error('DATABASE_URL is not set');
