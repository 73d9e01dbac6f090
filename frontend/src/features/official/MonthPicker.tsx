import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/useFormat';
import { monthRange, pastMonths } from '../../view/dates';
import { useChangeView, useView } from '../../view/useView';
import { offeredMonths, type Months } from './months';
import classes from './Official.module.css';

/** Months and not days: official numbers are fixed once a month is over. */
export function MonthPicker({ months }: { months: Months }) {
  const { t } = useTranslation();
  const format = useFormat();
  const view = useView();
  const changeView = useChangeView();
  const choices = pastMonths(view.today, offeredMonths).map((month) => ({ value: month, label: format.month(month) }));
  const choose = (first: string, last: string) =>
    changeView({ period: undefined, from: monthRange(first).from, to: monthRange(last).to });
  return (
    <div className={classes.picker} role="group" aria-label={t('period.group')}>
      {view.sites.length > 1 && (
        <NativeSelect
          label={t('period.site')}
          value={view.site?.code ?? ''}
          onChange={(event) => changeView({ site: event.currentTarget.value || undefined })}
          data={[
            { value: '', label: t('period.allSites') },
            ...view.sites.map((site) => ({ value: site.code, label: site.name })),
          ]}
        />
      )}
      <NativeSelect
        label={t('official.first')}
        value={months.first}
        onChange={({ currentTarget: { value } }) => choose(value, value > months.last ? value : months.last)}
        data={choices}
      />
      <NativeSelect
        label={t('official.last')}
        value={months.last}
        onChange={({ currentTarget: { value } }) => choose(value < months.first ? value : months.first, value)}
        data={choices}
      />
    </div>
  );
}
