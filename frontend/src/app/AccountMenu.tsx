import { Button, Menu, type MenuItemProps } from '@mantine/core';
import { IconChevronDown, IconKey, IconLogout, IconUserCircle } from '@tabler/icons-react';
import { createLink, Link } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { ownPagesOf, type OwnPage } from '../view/nav';
import { useSession } from '../view/session';
import classes from './Shell.module.css';

const icons: Record<OwnPage, typeof IconKey> = { '/account': IconUserCircle, '/access': IconKey };

type MenuAnchorProps = MenuItemProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof MenuItemProps> & { ref?: Ref<HTMLAnchorElement> };

function MenuAnchor(props: MenuAnchorProps) {
  return <Menu.Item component="a" {...props} />;
}

const MenuLink = createLink(MenuAnchor);

/** What is one's own: security, what one sees and why, and the way out. */
export function AccountMenu({ onSignOut }: { onSignOut: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          rightSection={<IconChevronDown size={14} aria-hidden />}
          aria-label={t('shell.account', { name: session.account.name })}
          className={classes.accountButton}
        >
          {session.account.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {!session.needs &&
          ownPagesOf(session).map((page) => {
            const Icon = icons[page];
            return (
              <MenuLink key={page} to={page} search={{}} leftSection={<Icon size={17} aria-hidden />}>
                {t(`nav.${page}`)}
              </MenuLink>
            );
          })}
        <Menu.Item leftSection={<IconLogout size={17} aria-hidden />} onClick={onSignOut}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The same in the side sheet of a narrow screen. */
export function AccountLinks({ onChosen, onSignOut }: { onChosen: () => void; onSignOut: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <>
      <ul className={classes.links} aria-label={session.account.name}>
        {!session.needs &&
          ownPagesOf(session).map((page) => {
            const Icon = icons[page];
            return (
              <li key={page}>
                <Link to={page} search={{}} className={classes.link} onClick={onChosen}>
                  <Icon size={19} stroke={1.7} aria-hidden />
                  {t(`nav.${page}`)}
                </Link>
              </li>
            );
          })}
      </ul>
      <Button size="xs" variant="default" onClick={onSignOut}>
        {t('shell.signOut')}
      </Button>
    </>
  );
}
