import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accessQuery } from '../../api/access';
import { QueryState } from '../../board/QueryState';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { useSession } from '../../view/session';
import { useViewSearch } from '../../view/useView';
import { ActionsPanel } from './ActionsPanel';
import { KeysPanel } from './KeysPanel';
import { MetricPanel } from './MetricPanel';
import { RowsPanel } from './RowsPanel';
import { SourcesPanel } from './SourcesPanel';

/** Why a person can see what they see: oneself, or one of those whose people one may read. */
export function AccessPage() {
  const { t } = useTranslation();
  const { account: self } = useSession();
  const { organisation, account, metric } = useViewSearch();
  const query = useQuery({
    ...accessQuery({ organisation, account, metric }),
    placeholderData: (before, former) =>
      // Another metric of the same person leaves all else on screen; another person does not.
      former?.queryKey[1] === (account ?? '') && former.queryKey[2] === (organisation ?? '')
        ? keepPreviousData(before)
        : undefined,
  });
  const other = query.data && query.data.account.email !== self.email ? query.data.account : undefined;
  return (
    <>
      <PageHead
        title={other ? t('access.titleOf', { name: other.name }) : t('nav./access')}
        subtitle={t('access.subtitle')}
      />
      <QueryState query={query} lines={10}>
        {(access) => (
          <Stack>
            <RowsPanel access={access} />
            <MetricPanel access={access} busy={query.isPlaceholderData} />
            <ActionsPanel actions={access.actions} />
            <SourcesPanel sources={access.sources} />
            <KeysPanel keys={access.keys} />
          </Stack>
        )}
      </QueryState>
    </>
  );
}
