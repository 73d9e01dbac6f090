import { Button, Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Alias, Waiting } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { DataTable, type TableColumn } from '../../ui/DataTable';
import { saidOf } from './unknown';
import { useReason } from './useReason';

interface UnknownIdsProps {
  waiting: Waiting;
  /** The name of its site. */
  site: string;
  aliases: Alias[];
  /** Somebody wants to say what an id means; nobody may without it. */
  onSay: ((given: string) => void) | undefined;
}

type Unknown = Waiting['unknown'][number];

/** The ids that nobody knows, the most frequent first: each may mean something that is known. */
export function UnknownIds({ waiting, site, aliases, onSay }: UnknownIdsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const reasonOf = useReason();
  if (waiting.unknown.length === 0) return null;
  const says: TableColumn<Unknown> = {
    key: 'acts',
    header: t('form.actions'),
    render: ({ given }) => (
      <Button size="xs" variant="default" aria-label={t('alias.sayOf', { given })} onClick={() => onSay?.(given)}>
        {saidOf(aliases, waiting, given) ? t('alias.change') : t('alias.say')}
      </Button>
    ),
  };
  return (
    <DataTable
      caption={t('alias.unknown', { reason: reasonOf(waiting.reason).name, site })}
      rows={waiting.unknown}
      rowKey={({ given }) => given}
      maxHeight={320}
      columns={[
        {
          key: 'given',
          header: t('alias.given', { reason: reasonOf(waiting.reason).name, site }),
          render: ({ given }) => <Code>{given}</Code>,
        },
        { key: 'count', header: t('quarantine.count'), numeric: true, render: ({ count }) => format.integer(count) },
        {
          key: 'means',
          header: t('alias.means'),
          render: ({ given }) => {
            const said = saidOf(aliases, waiting, given);
            return said ? t('alias.thing', { name: said.name, code: said.means }) : '–';
          },
        },
        ...(onSay ? [says] : []),
      ]}
    />
  );
}
