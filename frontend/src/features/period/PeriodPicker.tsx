import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { presetGroups, type Preset } from '../../view/presets';
import { useChangeView, useView } from '../../view/useView';
import { ComparePicker } from './ComparePicker';
import { CustomRange } from './CustomRange';
import classes from './PeriodPicker.module.css';
import { SitePicker } from './SitePicker';

/** Which site, which days, and beside which other days. All of it is the page's address. */
export function PeriodPicker({ comparing = true }: { comparing?: boolean }) {
  const { t } = useTranslation();
  const view = useView();
  const changeView = useChangeView();
  const option = (preset: Preset | 'custom') => ({ value: preset, label: t(`period.preset.${preset}`) });
  const groups = Object.entries(presetGroups).map(([group, members]) => ({
    group: t(`period.groups.${group}`),
    items: members.filter((each) => view.presets.includes(each)).map(option),
  }));

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
        data={[...groups.filter(({ items }) => items.length > 0), option('custom')]}
      />
      {view.preset === 'custom' && <CustomRange key={`${view.from}${view.to}`} from={view.from} to={view.to} />}
      {comparing && <ComparePicker />}
    </div>
  );
}
