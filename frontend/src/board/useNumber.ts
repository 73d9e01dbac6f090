import { useFormat } from '../i18n/useFormat';
import { useCatalog } from '../view/session';

/** A metric's number in the language on screen: ratios with their one decimal, all else in whole units. */
export function useNumber(): (metric: string, value: number) => string {
  const format = useFormat();
  const { additivity } = useCatalog();
  return (metric, value) => (additivity(metric) === 'ratio' ? format.decimal(value, 1) : format.integer(value));
}
