import { describe, expect, it } from 'vitest';
import en from './en.json';
import et from './et.json';

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    const here = path === '' ? key : `${path}.${key}`;
    return typeof value === 'string' ? [[here, value]] : leaves(value, here);
  });
}

const english = new Map(leaves(en));
const estonian = new Map(leaves(et));
const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.*'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const { default: catalogued } = await import('../../../docs/METRICS.md?raw');
const holes = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort();

describe('the languages', () => {
  it('have the same keys', () => {
    expect([...estonian.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('leave nothing empty and fill the same holes', () => {
    for (const [key, text] of english) {
      expect(text, key).not.toBe('');
      expect(estonian.get(key), key).toBeTruthy();
      expect(holes(estonian.get(key) ?? ''), key).toEqual(holes(text));
    }
  });

  it('have every key that the sources name', () => {
    const named = Object.values(sources).flatMap((source) =>
      [...source.matchAll(/\bt\('([^']+)'/g)].map(([, key]) => key ?? ''),
    );
    expect(named.length).toBeGreaterThan(100);
    const missing = named.filter((key) => !english.has(key) && !english.has(`${key}_other`));
    expect(missing).toEqual([]);
  });

  it('say of every metric what the model says', () => {
    for (const [metric, meaning] of Object.entries(en.meaning)) expect(catalogued, metric).toContain(meaning);
  });
});
