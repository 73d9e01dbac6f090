import { Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { browsersQuery, endBrowser, endOtherBrowsers } from '../../api/account';
import type { AccountDetails, SignedInBrowser } from '../../api/types';
import { Confirm } from '../../board/Confirm';
import { QueryState } from '../../board/QueryState';
import { Refused } from '../../board/Refused';
import { useSaid } from '../../board/said';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { Panel } from '../../ui/Panel';
import { StatusDot } from '../../ui/StatusDot';
import { browserIn } from './agent';

/** Where one is signed in. What one does not know can be ended here, at once. */
export function Browsers({ limits }: { limits: AccountDetails['limits'] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const said = useSaid();
  const [asking, setAsking] = useState(false);
  const query = useQuery(browsersQuery);
  const renew = () => queries.invalidateQueries({ queryKey: browsersQuery.queryKey });
  const ending = useMutation({
    mutationFn: endBrowser,
    onSuccess: () => {
      said(t('browsers.ended'));
      return renew();
    },
  });
  const endingOthers = useMutation({
    mutationFn: endOtherBrowsers,
    onSuccess: () => {
      setAsking(false);
      said(t('browsers.othersEnded'));
      return renew();
    },
  });
  const others = query.data?.items.some((each) => !each.current) ?? false;
  return (
    <Panel
      title={t('browsers.title')}
      hint={t('browsers.hint')}
      actions={
        others && (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            {t('browsers.endOthers')}
          </Button>
        )
      }
      footer={t('browsers.limits', { minutes: limits.idle_minutes, hours: limits.absolute_hours })}
    >
      <Refused error={ending.error} />
      <QueryState query={query} lines={3}>
        {({ items }) => (
          <List
            items={items}
            busy={ending.isPending ? ending.variables : undefined}
            onEnd={(id) => ending.mutate(id)}
          />
        )}
      </QueryState>
      <Confirm
        opened={asking}
        title={t('browsers.endOthers')}
        text={t('browsers.endOthersText')}
        action={t('browsers.endOthers')}
        busy={endingOthers.isPending}
        error={endingOthers.error}
        onConfirm={() => endingOthers.mutate()}
        onClose={() => setAsking(false)}
      />
    </Panel>
  );
}

interface ListProps {
  items: SignedInBrowser[];
  /** The one that is being ended. */
  busy: string | undefined;
  onEnd: (id: string) => void;
}

function List({ items, busy, onEnd }: ListProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = ({ agent }: SignedInBrowser) => (agent ? browserIn(agent) : t('browsers.unknown'));
  return (
    <DataTable
      caption={t('browsers.title')}
      rows={items}
      rowKey={(item) => item.id}
      columns={[
        {
          key: 'agent',
          header: t('browsers.browser'),
          render: (item) => (
            <>
              {nameOf(item)}
              {item.current && (
                <div>
                  <StatusDot tone="good">{t('browsers.this')}</StatusDot>
                </div>
              )}
            </>
          ),
        },
        { key: 'from', header: t('browsers.from'), render: (item) => item.from ?? '–' },
        {
          key: 'method',
          header: t('browsers.method'),
          render: (item) => (item.method === 'password' ? t('signIn.password') : item.method),
        },
        { key: 'started', header: t('browsers.started'), render: (item) => format.moment(item.started_at, undefined) },
        { key: 'seen', header: t('browsers.seen'), render: (item) => format.moment(item.last_seen_at, undefined) },
        {
          key: 'end',
          header: t('form.actions'),
          render: (item) =>
            item.current ? (
              <Text size="sm" c="dimmed">
                –
              </Text>
            ) : (
              <Button
                size="xs"
                variant="default"
                loading={busy === item.id}
                aria-label={t('browsers.endThat', { browser: nameOf(item), from: item.from ?? '' })}
                onClick={() => onEnd(item.id)}
              >
                {t('browsers.end')}
              </Button>
            ),
        },
      ]}
    />
  );
}
