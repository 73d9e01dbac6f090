import type { Organisation } from '../../api/types';

export interface Placed {
  organisation: Organisation;
  /** How many organisations stand above it in the list; 0 for one whose parent is not listed. */
  depth: number;
  parent: Organisation | undefined;
}

/** The organisations in the order of their tree: each right after the one above it, siblings by name. */
export function inTreeOrder(items: Organisation[]): Placed[] {
  const bySlug = new Map(items.map((each) => [each.slug, each]));
  const parentOf = ({ parent }: Organisation) => (parent && bySlug.has(parent) ? parent : '');
  const placed = new Set<string>();
  const walk = (parent: string, depth: number): Placed[] =>
    items
      .filter((each) => parentOf(each) === parent)
      .sort((a, b) => a.name.localeCompare(b.name))
      .flatMap((organisation) => {
        if (placed.has(organisation.slug)) return [];
        placed.add(organisation.slug);
        return [{ organisation, depth, parent: bySlug.get(parent) }, ...walk(organisation.slug, depth + 1)];
      });
  return walk('', 0);
}
