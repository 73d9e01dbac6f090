import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCatalog } from '../../view/session';
import { presets, type Preset } from '../../view/presets';
import { compares, type Compare } from '../../view/search';
import { useChangeView, useView } from '../../view/useView';
import { CustomRange } from './CustomRange';
import classes from './PeriodPicker.module.css';
import { SitePicker } from './SitePicker';

/** Which site, which days, and beside which other days. All of it is the page's address. */
export function PeriodPicker({ comparing = true }: { comparing?: boolean }) {
  const { t } = useTranslation();
  const view = useView();
  const { catalog } = useCatalog();
  const changeView = useChangeView();
  const offered = compares.filter((each) => each === 'none' || (catalog?.compares.includes(each) ?? true));

  const choosePreset = (chosen: string) => {
    if (chosen === 'custom') changeView({ period: undefined, from: view.from, to: view.to });
    else changeView({ period: chosen as Preset, from: undefined, to: undefined, grain: undefined });
  };

  return (
    <div className={classes.picker} role="group" aria-label={t('period.group')}>
      <SitePicker />
      <NativeSelect
        size="sm"
        label={t('period.label')}
        value={view.preset}
        onChange={(event) => choosePreset(event.currentTarget.value)}
        data={[...presets, 'custom'].map((each) => ({ value: each, label: t(`period.preset.${each}`) }))}
      />
      {view.preset === 'custom' && <CustomRange key={`${view.from}${view.to}`} from={view.from} to={view.to} />}
      {comparing && (
        <NativeSelect
          size="sm"
          label={t('period.compare')}
          value={view.compare}
          onChange={(event) => changeView({ compare: event.currentTarget.value as Compare })}
          data={offered.map((each) => ({ value: each, label: t(`period.compares.${each}`) }))}
        />
      )}
    </div>
  );
}
