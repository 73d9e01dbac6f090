import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Grain } from '../view/dates';
import { useChangeView } from '../view/useView';
import type { View } from '../view/view';
import classes from './GrainSwitch.module.css';

/** Per which period the chart is drawn: only those that make sense for the range, and nothing when that is one. */
export function GrainSwitch({ view: { grain, grains } }: { view: View }) {
  const { t } = useTranslation();
  const changeView = useChangeView();
  if (grains.length < 2) return null;
  return (
    <SegmentedControl
      size="xs"
      className={classes.switch}
      aria-label={t('chart.grain')}
      value={grain}
      onChange={(chosen) => changeView({ grain: chosen as Grain }, { replace: true })}
      data={grains.map((each) => ({ value: each, label: t(`grain.${each}`) }))}
    />
  );
}
