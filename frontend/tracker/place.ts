import type { Fields } from './event';
import { spot } from './spot';

/** The element with this attribute that holds what the event is about. */
export const within = (event: Event, name: string): HTMLElement | null =>
  (event.target as Element).closest(`[data-octavo-${name}]`);

/** What an element says of the place that it fills, and where its middle is; without a placement it is `otherwise`. */
export const place = (element: HTMLElement, otherwise?: string): Fields => ({
  placement: element.dataset.octavoPlacement || otherwise,
  campaign: element.dataset.octavoCampaign,
  variant: element.dataset.octavoVariant,
  ...spot(element),
});
