import { Burger } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouteContext, useRouter } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionQuery, signOut } from '../api/session';
import { LiveContext } from '../board/live';
import { TwoFactorNeeded } from '../features/account/TwoFactorNeeded';
import { ProofDialog } from '../features/session/ProofDialog';
import { SideSheet } from '../ui/SideSheet';
import { leaveFor } from '../view/leave';
import { organisationPagesOf, pagesOf } from '../view/nav';
import { SignedInContext } from '../view/session';
import { AccountLinks, AccountMenu } from './AccountMenu';
import { Brand } from './Brand';
import { Navigation } from './Navigation';
import { OrganisationSwitcher } from './OrganisationSwitcher';
import { Preferences } from './Preferences';
import classes from './Shell.module.css';
import { ViewingBanner } from './ViewingBanner';

/** What stands around every page of the one who is signed in. */
export function Shell() {
  const { t } = useTranslation();
  const router = useRouter();
  const queries = useQueryClient();
  const { session: opened, catalog } = useRouteContext({ from: '/signed-in' });
  const { data: current } = useQuery(sessionQuery);
  const session = current ?? opened;
  const signedIn = useMemo(() => ({ session, catalog }), [session, catalog]);
  const [live, setLive] = useState(true);
  const [opening, drawer] = useDisclosure(false);
  const wide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const held = Boolean(session.needs);
  const navigation = held ? null : { pages: pagesOf(session, catalog), organisation: organisationPagesOf(session) };

  useEffect(() => {
    if (current === null) void router.invalidate();
  }, [current, router]);

  const leave = async () => {
    await signOut().catch(() => undefined);
    leaveFor('/sign-in');
  };
  const goOn = async () => {
    await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    await router.invalidate();
  };

  return (
    <SignedInContext value={signedIn}>
      <LiveContext value={{ live, setLive }}>
        <a className={classes.skip} href="#main">
          {t('shell.skip')}
        </a>
        <header className={classes.header}>
          {!wide && (
            <Burger
              size="sm"
              opened={opening}
              onClick={drawer.toggle}
              aria-label={t('shell.menu')}
              aria-expanded={opening}
            />
          )}
          <Brand />
          <OrganisationSwitcher />
          {wide && (
            <div className={classes.account}>
              <Preferences />
              <AccountMenu onSignOut={() => void leave()} />
            </div>
          )}
        </header>
        <ViewingBanner session={session} />
        <div className={classes.body}>
          {wide ? (
            navigation && (
              <div className={classes.side}>
                <Navigation {...navigation} />
              </div>
            )
          ) : (
            <SideSheet opened={opening} onClose={drawer.close} title={t('shell.menu')} closeLabel={t('shell.close')}>
              {navigation && <Navigation {...navigation} onChosen={drawer.close} />}
              <AccountLinks onChosen={drawer.close} onSignOut={() => void leave()} />
              <Preferences />
            </SideSheet>
          )}
          <main id="main" className={classes.main} tabIndex={-1}>
            {held ? <TwoFactorNeeded onDone={() => void goOn()} /> : <Outlet />}
          </main>
        </div>
        <ProofDialog hasPassword={session.account.has_password} twoFactor={session.account.two_factor} />
      </LiveContext>
    </SignedInContext>
  );
}
