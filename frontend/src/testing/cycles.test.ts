import { expect, it } from 'vitest';

const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.*', '!../**/*.d.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

function resolve(from: string, to: string): string | undefined {
  const base = new URL(to, `http://src/a/${from}`).pathname;
  return Object.keys(sources).find((file) => {
    const { pathname } = new URL(file, 'http://src/a/');
    return pathname === `${base}.ts` || pathname === `${base}.tsx`;
  });
}

/** What a file needs at once. A lazy import may close a circle, for it waits until it is called. */
function imports(file: string): string[] {
  const found = (sources[file] ?? '').matchAll(/^(?:import|export)[^;]*? from '(\.[^']+)'/gm);
  return [...found].flatMap(([statement, to]) => {
    const resolved = statement.startsWith('import type') ? undefined : resolve(file, to ?? '');
    return resolved === undefined ? [] : [resolved];
  });
}

it('has no circles', () => {
  const graph = new Map(Object.keys(sources).map((file) => [file, imports(file)]));
  expect([...graph.values()].flat().length).toBeGreaterThan(200);
  const done = new Set<string>();
  const walk = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const circle = walk(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  expect([...graph.keys()].map((file) => walk(file, [])).find(Boolean)).toBeUndefined();
});
