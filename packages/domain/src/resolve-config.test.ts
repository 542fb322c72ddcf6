import { describe, expect, it } from 'vitest';
import { hasReferences } from './config-reference.js';
import { type ConfigApp, type ConfigOrigin, resolveConfig, serviceUrlKey } from './resolve-config.js';

const value = (text: string, isSecret = true) => ({ text, isSecret, isReference: hasReferences(text) });
const layer = (origin: ConfigOrigin, vars: Record<string, string>, isSecret?: boolean) => ({
  ...{ origin, from: origin },
  values: new Map(Object.entries(vars).map(([key, text]) => [key, value(text, isSecret)])),
});
const app = (name: string, environment: ConfigApp['environment'], layers: ConfigApp['layers']): ConfigApp => ({
  ...{ id: name, name, service: name.split('--')[0] ?? '', environment, layers },
  url: `http://${name}.localhost/`,
});
const qa = { id: 'qa', name: 'qa', baseId: null };
const project = { id: 'p', name: 'sale', baseId: 'qa' };
const valuesOf = (apps: ConfigApp[], id: string) =>
  Object.fromEntries([...resolveConfig(apps, id)].map(([key, { value }]) => [key, value]));

describe('config layers', () => {
  it('let the nearest win and say where each var is from', () => {
    const cart = app('cart', qa, [
      layer('team', { A: 'team', B: 'team', C: 'team' }),
      layer('environment', { B: 'environment', C: 'environment' }),
      layer('app', { C: 'app' }),
    ]);
    expect([...resolveConfig([cart], 'cart')].map(([key, { value, origin }]) => [key, value, origin])).toEqual([
      ['A', 'team', 'team'],
      ['B', 'environment', 'environment'],
      ['C', 'app', 'app'],
    ]);
  });

  it('fill references with the own instance of a service, else with the base environment’s', () => {
    const apps = [
      app('orders', qa, [layer('app', { DB: 'qa-db', NAME: '${{ environment.name }}' })]),
      app('users', qa, [layer('app', { DB: 'users-db' })]),
      app('orders--sale', project, [layer('app', { DB: 'sale-db' })]),
      app('cart--sale', project, [
        layer('base app', { ORDERS: '${{ orders.DB }}', USERS: '<${{users.DB}}>', ME: '${{ self.URL }}' }),
        layer('app', { WHERE: '${{ environment.name }}', TWICE: '${{ self.USERS }}' }),
      ]),
    ];
    expect(valuesOf(apps, 'cart--sale')).toEqual({
      ...{ ORDERS: 'sale-db', USERS: '<users-db>', ME: 'http://cart--sale.localhost/' },
      ...{ WHERE: 'sale', TWICE: '<users-db>' },
    });
    expect(valuesOf(apps, 'orders').NAME).toBe('qa');
  });

  it('keep a plain value secret that refers to a secret', () => {
    const apps = [app('orders', qa, [layer('app', { DB: 'x' }), layer('app', { SEEN: '${{ self.DB }}' }, false)])];
    const resolved = resolveConfig(apps, 'orders');
    expect(resolved.get('SEEN')).toMatchObject({ value: 'x', isSecret: true, reference: '${{ self.DB }}' });
  });

  it('leave text alone that is escaped or no reference at all', () => {
    const apps = [app('cart', qa, [layer('app', { A: '$${{ orders.DB }}', B: '${HOME} {{ x }}' })])];
    expect(valuesOf(apps, 'cart')).toEqual({ A: '${{ orders.DB }}', B: '${HOME} {{ x }}' });
  });

  it.each([
    [
      { A: '${{ stock.DB }}' },
      'Config var A of app cart refers to ${{ stock.DB }}, but environment qa has no service stock.',
    ],
    [{ A: '${{ self.NO }}' }, 'Config var A of app cart refers to ${{ self.NO }}, but app cart has no config var NO.'],
    [
      { A: '${{ self.B }}', B: '${{ self.A }}' },
      'Config vars refer to each other in a circle: cart.A → cart.B → cart.A.',
    ],
    [{ A: '${{ nothing }}' }, 'Config var A: ${{ nothing }} is no reference'],
    [{ A: '${{ environment.id }}' }, 'is no reference'],
  ])('refuse %j with one sentence', (vars, sentence) => {
    const apps = [app('cart', qa, [layer('app', vars as Record<string, string>)])];
    expect(() => resolveConfig(apps, 'cart')).toThrow(sentence);
  });

  it('fill each var once: thirty doublings of nothing take no time, of something are refused', () => {
    const doubled = (start: string) =>
      app('cart', qa, [
        layer('app', {
          V0: start,
          ...Object.fromEntries(
            Array.from({ length: 30 }, (_, n) => [`V${n + 1}`, `\${{self.V${n}}}\${{self.V${n}}}`]),
          ),
        }),
      ]);
    expect(resolveConfig([doubled('')], 'cart').get('V30')?.value).toBe('');
    expect(() => resolveConfig([doubled('x')], 'cart')).toThrow('is too long');
  });

  it('name the var of a service as a shell can', () => expect(serviceUrlKey('order-items')).toBe('ORDER_ITEMS_URL'));
});
