import { describe, expect, it } from 'vitest';
import { registryEnv, s3Of } from './registry-env.mjs';

const options = { httpSecret: 'h', realm: 'http://localhost:5000/registry/token', service: 'berth' };

describe('the environment of the registry', () => {
  it('has a token server and the API for its notifications', () => {
    const { REGISTRY_AUTH, REGISTRY_NOTIFICATIONS, ...others } = registryEnv({ ...options, eventsSecret: 'e', s3: {} });
    expect(JSON.parse(REGISTRY_AUTH ?? '').token).toMatchObject({
      realm: options.realm,
      service: 'berth',
      issuer: 'berth',
    });
    const [endpoint] = JSON.parse(REGISTRY_NOTIFICATIONS ?? '').endpoints;
    expect(endpoint).toMatchObject({
      url: 'http://api:8000/registry/events',
      headers: { Authorization: ['Bearer e'] },
    });
    expect(others).toEqual({ REGISTRY_HTTP_SECRET: 'h' });
  });

  it('keeps blobs in the bucket that the settings name, and gives them out itself', () => {
    const settings = {
      BERTH_REGISTRY_S3_BUCKET: 'images',
      BERTH_REGISTRY_S3_REGION: 'eu-central-1',
      BERTH_REGISTRY_S3_ENDPOINT: 'https://s3.example.org',
      BERTH_REGISTRY_S3_ROOT: '/berth',
      BERTH_REGISTRY_S3_ACCESS_KEY: 'a',
      BERTH_REGISTRY_S3_KEY: 'k',
    };
    const { REGISTRY_STORAGE } = registryEnv({ ...options, s3: s3Of(settings, 'BERTH_REGISTRY') });
    expect(JSON.parse(REGISTRY_STORAGE ?? '')).toEqual({
      s3: {
        bucket: 'images',
        region: 'eu-central-1',
        regionendpoint: 'https://s3.example.org',
        rootdirectory: '/berth',
        accesskey: 'a',
        secretkey: 'k',
      },
      delete: { enabled: true },
      redirect: { disable: true },
    });
    expect(s3Of(settings, 'BERTH_PRODUCTION_REGISTRY')).toEqual({});
  });

  it('says nothing of storage without a bucket: the volume of the service', () => {
    expect(registryEnv({ ...options, s3: {} }).REGISTRY_STORAGE).toBeUndefined();
  });
});
