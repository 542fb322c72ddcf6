import express from 'express';

const version = 'VERSION';
const app = express();
app.get('/', (_request, response) => response.send(version));
app.listen(process.env.PORT ?? 8080, '0.0.0.0');
