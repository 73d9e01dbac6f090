import { Button } from '@mantine/core';
import { IconChartBar, IconTable } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Live } from '../../api/types';
import { Pulse } from '../../charts/Pulse';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Panel } from '../../ui/Panel';
import { beginnings, total } from './told';
import classes from './Live.module.css';

/** The last five minutes in pieces of ten seconds, as bars or as a table. */
export function PulsePanel({ picture, zone }: { picture: Live; zone: string | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [tabled, setTabled] = useState(false);
  const { events } = picture.all;
  const most = Math.max(0, ...events);
  const summary = t('live.pulseSummary', {
    total: format.integer(total(events)),
    most: format.integer(most),
    latest: format.integer(events.at(-1) ?? 0),
  });
  const begun = beginnings(picture.as_of, events.length);
  // The newest first: it is what one looks for.
  const rows = events.map((count, place) => ({ count, from: begun[place] ?? '' })).reverse();
  return (
    <Panel
      title={t('live.pulse')}
      hint={t('live.pulseHint')}
      actions={
        <Button
          size="compact-sm"
          fz={13}
          variant="default"
          aria-pressed={tabled}
          leftSection={tabled ? <IconChartBar size={16} aria-hidden /> : <IconTable size={16} aria-hidden />}
          onClick={() => setTabled(!tabled)}
        >
          {t('chart.asTable')}
        </Button>
      }
    >
      {events.length === 0 ? (
        <EmptyState reason="hidden" title={t('state.hidden')}>
          {t('live.fewerReaders', { count: picture.fewest })}
        </EmptyState>
      ) : tabled ? (
        <DataTable
          caption={t('live.pulse')}
          maxHeight={320}
          rows={rows}
          rowKey={(_, index) => index}
          columns={[
            { key: 'from', header: t('live.from'), render: ({ from }) => format.clock(from, zone) },
            { key: 'count', header: t('live.events'), numeric: true, render: ({ count }) => format.integer(count) },
          ]}
        />
      ) : (
        <>
          <Pulse values={events} summary={summary} />
          <p className={classes.axis} aria-hidden>
            <span>{t('live.ago')}</span>
            <span>{t('live.most', { number: format.integer(most) })}</span>
            <span>{t('live.now')}</span>
          </p>
        </>
      )}
    </Panel>
  );
}
