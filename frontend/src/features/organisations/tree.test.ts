import { expect, it } from 'vitest';
import { organisation } from '../../testing/organisations';
import { inTreeOrder } from './tree';

it('puts each organisation below its parent, siblings by name, and loses none whose parent is not listed', () => {
  const items = [
    organisation('s2', { name: 'B school', parent: 'tartu' }),
    organisation('tartu', { name: 'Tartu', parent: 'ministry' }),
    organisation('s1', { name: 'A school', parent: 'tartu' }),
    organisation('alma', { name: 'Alma', parent: 'somewhere else' }),
    organisation('ministry', { name: 'Ministry' }),
  ];
  expect(inTreeOrder(items).map(({ organisation: { slug }, depth, parent }) => [slug, depth, parent?.slug])).toEqual([
    ['alma', 0, undefined],
    ['ministry', 0, undefined],
    ['tartu', 1, 'ministry'],
    ['s1', 2, 'tartu'],
    ['s2', 2, 'tartu'],
  ]);
});
