import { request } from 'node:http';

export const call = (url) =>
  new Promise((done, failed) => {
    const asked = request(url, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => done(JSON.parse(text).baggage));
    });
    asked.on('error', failed);
    asked.end();
  });
