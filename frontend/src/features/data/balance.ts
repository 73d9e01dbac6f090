import type { SiteFlow } from '../../api/types';

/** What becomes of what is sent, in the order in which it is told. */
export const fates = ['loaded', 'duplicate', 'quarantined', 'skipped'] as const;

export type Fate = (typeof fates)[number];

/** What was sent, and what became of it. */
export type Flow = Pick<SiteFlow, 'sent' | Fate>;

/** How many are accounted for. */
export function told(flow: Flow): number {
  return fates.reduce((sum, fate) => sum + flow[fate], 0);
}

/** Every record that was sent is accounted for, and none twice. */
export function balances(flow: Flow): boolean {
  return flow.sent === told(flow);
}

export function together(flows: Flow[]): Flow {
  const sum = (part: keyof Flow) => flows.reduce((all, flow) => all + flow[part], 0);
  return {
    sent: sum('sent'),
    loaded: sum('loaded'),
    duplicate: sum('duplicate'),
    quarantined: sum('quarantined'),
    skipped: sum('skipped'),
  };
}
