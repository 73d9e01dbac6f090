import { Button, Code, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { aliasesQuery, removeAlias } from '../../api/aliases';
import type { Alias } from '../../api/types';
import { Confirm } from '../../board/Confirm';
import { useFormat } from '../../i18n/useFormat';
import { DataTable, type TableColumn } from '../../ui/DataTable';
import { Panel } from '../../ui/Panel';
import { StatusDot } from '../../ui/StatusDot';
import { useSession } from '../../view/session';

/** What somebody said that ids mean; there is nothing to see before anybody has. */
export function AliasesPanel({ nameOf }: { nameOf: (site: string) => string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { can } = useSession();
  const { data } = useQuery(aliasesQuery);
  const [removing, setRemoving] = useState<Alias>();
  if (!data || data.items.length === 0) return null;
  const acts: TableColumn<Alias> = {
    key: 'acts',
    header: t('form.actions'),
    render: (alias) => (
      <Button
        size="xs"
        variant="default"
        aria-label={t('alias.removeOf', { given: alias.given })}
        onClick={() => setRemoving(alias)}
      >
        {t('alias.remove')}
      </Button>
    ),
  };
  return (
    <Panel title={t('alias.list')} hint={t('alias.hint')}>
      <DataTable
        caption={t('alias.list')}
        rows={data.items}
        rowKey={({ site, what, given }) => `${site} ${what} ${given}`}
        columns={[
          {
            key: 'given',
            header: t('alias.id'),
            render: ({ given, what }) => (
              <>
                <Code>{given}</Code>
                <Text size="xs" c="dimmed">
                  {t(`dimension.${what}`)}
                </Text>
              </>
            ),
          },
          { key: 'site', header: t('dimension.site'), render: ({ site }) => nameOf(site) },
          {
            key: 'means',
            header: t('alias.means'),
            render: ({ name, means, idle }) => (
              <>
                {t('alias.thing', { name, code: means })}
                {idle && <StatusDot tone="warn">{t('alias.idle')}</StatusDot>}
              </>
            ),
          },
          { key: 'by', header: t('alias.by'), render: ({ made_by: by }) => by },
          { key: 'at', header: t('alias.at'), render: ({ made_at: at }) => format.moment(at, undefined) },
          ...(can.includes('load.write') ? [acts] : []),
        ]}
      />
      <RemoveDialog of={removing} onClose={() => setRemoving(undefined)} />
    </Panel>
  );
}

function RemoveDialog({ of, onClose }: { of: Alias | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: removeAlias,
    onSuccess: () => {
      onClose();
      return queries.invalidateQueries({ queryKey: aliasesQuery.queryKey });
    },
  });
  return (
    <Confirm
      opened={of !== undefined}
      title={t('alias.removeOf', { given: of?.given ?? '' })}
      text={t('alias.removeText')}
      action={t('alias.remove')}
      busy={removal.isPending}
      error={removal.error}
      onConfirm={() => of && removal.mutate(of)}
      onClose={() => {
        removal.reset();
        onClose();
      }}
    />
  );
}
