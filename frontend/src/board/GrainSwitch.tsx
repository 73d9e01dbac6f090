import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Grain } from '../view/dates';
import { useCatalog } from '../view/session';
import { useChangeView } from '../view/useView';

export function GrainSwitch({ grain }: { grain: Grain }) {
  const { t } = useTranslation();
  const { catalog } = useCatalog();
  const changeView = useChangeView();
  const grains = (['day', 'week', 'month'] as const).filter((each) => catalog?.grains.includes(each) ?? true);
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('chart.grain')}
      value={grain}
      onChange={(chosen) => changeView({ grain: chosen as Grain }, { replace: true })}
      data={grains.map((each) => ({ value: each, label: t(`grain.${each}`) }))}
    />
  );
}
