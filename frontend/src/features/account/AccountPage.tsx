import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accountQuery } from '../../api/account';
import type { AccountDetails } from '../../api/types';
import { QueryState } from '../../board/QueryState';
import { TextLink } from '../../board/TextLink';
import { EmptyState } from '../../ui/EmptyState';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { useSession } from '../../view/session';
import { Browsers } from './Browsers';
import { EmailPanel } from './EmailPanel';
import { NamePanel } from './NamePanel';
import { PasswordPanel } from './PasswordPanel';
import { TwoFactorPanel } from './TwoFactorPanel';

/** One's own account: who one is, how one signs in, and where one is signed in. */
export function AccountPage() {
  const { t } = useTranslation();
  const { viewing, can } = useSession();
  const query = useQuery({ ...accountQuery, enabled: !viewing });
  return (
    <>
      <PageHead
        title={t('nav./account')}
        subtitle={t('account.subtitle')}
        controls={can.includes('access.read') && <TextLink to="/access">{t('account.access')}</TextLink>}
      />
      {viewing ? (
        <EmptyState reason="forbidden" title={t('account.notOthers')} />
      ) : (
        <QueryState query={query} lines={8}>
          {(account) => (
            <Stack>
              <NamePanel account={account} />
              <EmailPanel account={account} />
              <PasswordPanel account={account} />
              <TwoFactorPanel account={account} />
              <Identities account={account} />
              <Browsers limits={account.limits} />
            </Stack>
          )}
        </QueryState>
      )}
    </>
  );
}

/** Where else one signs in; it is the provider that is asked to end it. */
function Identities({ account }: { account: AccountDetails }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('account.identities')} hint={t('account.identitiesHint')}>
      {account.identities.length === 0 ? (
        <EmptyState reason="nothing" title={t('account.noIdentities')} />
      ) : (
        <ul>
          {account.identities.map(({ provider, title }) => (
            <li key={provider}>{title}</li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
