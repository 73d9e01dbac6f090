import { Menu, UnstyledButton } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { startOf } from '../api/place';
import { useSession } from '../view/session';
import classes from './Shell.module.css';

/** Which organisation the pages are of and what one is in it; a menu for those who are in several. */
export function OrganisationSwitcher() {
  const { t } = useTranslation();
  const { organisation, role, memberships, viewing } = useSession();
  const words = (
    <>
      <span className={classes.organisation}>{organisation.name}</span>
      <span className={classes.role}>{t(`role.${role}`)}</span>
    </>
  );
  if (memberships.length < 2 || viewing) return <div className={classes.who}>{words}</div>;
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <UnstyledButton
          className={classes.switcher}
          aria-label={t('shell.switch', { organisation: organisation.name, role: t(`role.${role}`) })}
        >
          <span className={classes.who}>{words}</span>
          <IconSelector size={17} stroke={1.8} aria-hidden className={classes.mark} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {memberships.map((each) => {
          const current = each.organisation.slug === organisation.slug;
          return (
            <Menu.Item
              key={each.organisation.slug}
              component="a"
              href={startOf(each.organisation.slug)}
              aria-current={current ? 'true' : undefined}
              leftSection={current ? <IconCheck size={16} aria-hidden /> : <span className={classes.noMark} />}
            >
              <span className={classes.organisation}>{each.organisation.name}</span>{' '}
              <span className={classes.role}>{t(`role.${each.role}`)}</span>
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
