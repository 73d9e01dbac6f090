import { useTranslation } from 'react-i18next';
import type { Live } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { Cards } from '../../ui/Layout';
import { MetricCard } from '../../ui/MetricCard';

/** How many read, and how much happens. */
export function Figures({ picture: { all, fewest } }: { picture: Live }) {
  const { t } = useTranslation();
  const format = useFormat();
  const readers = (count: number | null | undefined) =>
    typeof count === 'number' ? format.integer(count) : t('live.fewer', { count: fewest });
  const rate = all.events_per_second;
  return (
    <Cards label={t('live.figures')}>
      <MetricCard label={t('live.readers5')} value={readers(all.readers_5)} />
      <MetricCard label={t('live.readers30')} value={readers(all.readers_30)} />
      <MetricCard label={t('live.perSecond')} value={typeof rate === 'number' ? format.decimal(rate, 1) : '–'} />
    </Cards>
  );
}
