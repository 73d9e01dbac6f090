import { Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Count } from '../api/cells';
import { useFormat } from '../i18n/useFormat';
import { MetricCard } from '../ui/MetricCard';

/** Licences used: the pupils active in the period of those paid for. Absent when the school's licences are not known. */
export function LicenceCard({ active, licences }: { active: Count; licences: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!licences || typeof active !== 'number') return null;
  const share = active / licences;
  return (
    <MetricCard
      label={t('licences.label')}
      value={format.percent(share)}
      previous={t('licences.of', { active: format.integer(active), licences: format.integer(licences) })}
    >
      <Progress value={Math.min(100, share * 100)} w="100%" mt={6} size="sm" aria-label={t('licences.label')} />
    </MetricCard>
  );
}
