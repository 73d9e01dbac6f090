import { NativeSelect, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Compare } from '../../view/compares';
import { useChangeView, useView } from '../../view/useView';

/** What the period stands beside, and whether its Mondays stand beside Mondays. */
export function ComparePicker() {
  const { t } = useTranslation();
  const view = useView();
  const changeView = useChangeView();
  return (
    <div>
      <NativeSelect
        size="sm"
        label={t('period.compare')}
        value={view.compare}
        onChange={(event) => changeView({ compare: event.currentTarget.value as Compare })}
        data={view.compares.map((each) => ({ value: each, label: t(`period.compares.${each}`) }))}
      />
      {view.compare !== 'none' && (
        <Switch
          size="xs"
          mt={8}
          label={t('period.match')}
          checked={view.matchWeekday}
          onChange={(event) => changeView({ weekday: event.currentTarget.checked ? 'on' : 'off' })}
        />
      )}
    </div>
  );
}
