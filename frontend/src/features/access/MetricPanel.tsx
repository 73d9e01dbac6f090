import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Access } from '../../api/types';
import { useTitles } from '../../board/words';
import { Facts } from '../../ui/Facts';
import { Panel } from '../../ui/Panel';
import { StatusDot } from '../../ui/StatusDot';
import { useCatalog } from '../../view/session';
import { useChangeView, useViewSearch } from '../../view/useView';
import classes from './Access.module.css';

/** One number: what it means, and whether the person may ask for it. */
export function MetricPanel({ access, busy }: { access: Access; busy: boolean }) {
  const { t } = useTranslation();
  const titles = useTitles();
  const { catalog } = useCatalog();
  const { metric: chosen } = useViewSearch();
  const changeView = useChangeView();
  const { metric } = access;
  const offered = catalog?.metrics.map(({ name }) => name) ?? [];
  // A metric of the address that the reader's own catalogue has not is still the one that is shown.
  const names = chosen !== undefined && !offered.includes(chosen) ? [chosen, ...offered] : offered;
  return (
    <Panel title={t('access.number')} hint={t('access.numberHint')} busy={busy}>
      {names.length > 0 && (
        <NativeSelect
          className={classes.picker}
          label={t('access.metric')}
          value={chosen ?? ''}
          onChange={(event) => changeView({ metric: event.currentTarget.value || undefined })}
          data={[
            { value: '', label: t('access.noMetric') },
            ...names.map((name) => ({ value: name, label: titles.metric(name) })),
          ]}
        />
      )}
      {metric && (
        <Facts
          facts={[
            {
              name: t('access.mayAsk'),
              value: (
                <StatusDot tone={metric.allowed ? 'good' : 'bad'}>
                  {t(metric.allowed ? 'access.yes' : 'access.no')}
                </StatusDot>
              ),
            },
            { name: t('access.because'), value: <span lang="en">{metric.because}</span> },
            {
              name: t('access.definition'),
              value: t(`meaning.${metric.name}`, { defaultValue: metric.definition }),
            },
          ]}
        />
      )}
    </Panel>
  );
}
