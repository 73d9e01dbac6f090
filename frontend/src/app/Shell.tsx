import { Burger, Button } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouteContext, useRouter } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionQuery, signOut } from '../api/session';
import { LiveContext } from '../board/live';
import { SideSheet } from '../ui/SideSheet';
import { pagesOf } from '../view/nav';
import { SignedInContext } from '../view/session';
import { Brand } from './Brand';
import { Navigation } from './Navigation';
import { Preferences } from './Preferences';
import classes from './Shell.module.css';

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
  const pages = pagesOf(session, catalog);

  useEffect(() => {
    if (current === null) void router.invalidate();
  }, [current, router]);

  const leave = async () => {
    await signOut().catch(() => undefined);
    await router.navigate({ to: '/sign-in', search: {} });
    queries.clear();
  };

  const account = (
    <div className={classes.account}>
      <Preferences />
      <Button size="xs" variant="default" onClick={() => void leave()}>
        {t('shell.signOut')}
      </Button>
    </div>
  );

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
          <div className={classes.who}>
            <span className={classes.organisation}>{session.organisation.name}</span>
            <span className={classes.role}>{t(`role.${session.role}`)}</span>
          </div>
          {wide && account}
        </header>
        <div className={classes.body}>
          {wide ? (
            <div className={classes.side}>
              <Navigation pages={pages} />
            </div>
          ) : (
            <SideSheet opened={opening} onClose={drawer.close} title={t('shell.menu')} closeLabel={t('shell.close')}>
              <Navigation pages={pages} onChosen={drawer.close} />
              {account}
            </SideSheet>
          )}
          <main id="main" className={classes.main} tabIndex={-1}>
            <Outlet />
          </main>
        </div>
      </LiveContext>
    </SignedInContext>
  );
}
