import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { StatusDot } from '../../ui/StatusDot';
import { useActionWords } from './words';

export function AuditTable({ items, onOpen }: { items: AuditEntry[]; onOpen: (entry: AuditEntry) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useActionWords();
  return (
    <DataTable
      caption={t('audit.entries')}
      rows={items}
      rowKey={(entry) => String(entry.id)}
      columns={[
        {
          key: 'at',
          header: t('audit.when'),
          render: (entry) => <time dateTime={entry.at}>{format.moment(entry.at, undefined)}</time>,
        },
        { key: 'action', header: t('audit.action'), render: (entry) => words.action(entry.action) },
        { key: 'actor', header: t('audit.who'), breaks: true, render: (entry) => entry.actor ?? t('audit.nobody') },
        { key: 'subject', header: t('audit.subject'), breaks: true, render: (entry) => entry.subject || '–' },
        { key: 'organisation', header: t('shell.organisation'), render: (entry) => entry.organisation ?? '–' },
        {
          key: 'outcome',
          header: t('audit.outcome'),
          render: (entry) => (
            <StatusDot tone={entry.outcome === 'done' ? 'good' : 'bad'}>{words.outcome(entry.outcome)}</StatusDot>
          ),
        },
        {
          key: 'open',
          header: t('form.actions'),
          render: (entry) => (
            <Button
              size="xs"
              variant="default"
              aria-haspopup="dialog"
              aria-label={t('audit.openOf', {
                action: words.action(entry.action),
                time: format.moment(entry.at, undefined),
              })}
              onClick={() => onOpen(entry)}
            >
              {t('audit.open')}
            </Button>
          ),
        },
      ]}
    />
  );
}
