import { useTranslation } from 'react-i18next';
import type { Count } from '../api/cells';
import { changeOf } from '../i18n/change';
import { useFormat } from '../i18n/useFormat';
import type { ChangeWords } from '../ui/Change';
import { useCatalog } from '../view/session';

/**
 * How a metric changed, in words, or nothing where that would say more than is known: a number is hidden or missing, the
 * base is small, or the metric is a ratio, which does not tell how many stand behind it. Of what is `running` a fall is
 * not one yet.
 */
export function useChange(): (
  metric: string,
  value: Count | undefined,
  previous: Count | undefined,
  running?: boolean,
) => ChangeWords | undefined {
  const { t } = useTranslation();
  const format = useFormat();
  const { additivity } = useCatalog();
  return (metric, value, previous, running = false) => {
    if (typeof value !== 'number' || typeof previous !== 'number' || additivity(metric) === 'ratio') return undefined;
    const { direction, percent } = changeOf(value, previous, format);
    if (percent === null) return undefined;
    const soFar = running && direction === 'down';
    const words = t(`card.${direction}`, { percent });
    const signed = { up: '+', down: '\u2212', same: '' }[direction] + percent;
    return { direction, soFar, signed, text: soFar ? t('card.soFar', { change: words }) : words };
  };
}
