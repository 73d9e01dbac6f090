import {
  IconActivity,
  IconBook2,
  IconBuildingBank,
  IconCoins,
  IconDatabase,
  IconFileInvoice,
  IconHistory,
  IconKey,
  IconLayoutDashboard,
  IconSchool,
  IconSitemap,
  IconTags,
  IconUsers,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { NumberPage, OrganisationPage } from '../view/nav';
import classes from './Shell.module.css';

type Listed = NumberPage | OrganisationPage;

const icons: Record<Listed, typeof IconBook2> = {
  '/': IconLayoutDashboard,
  '/live': IconActivity,
  '/schools': IconSchool,
  '/books': IconBook2,
  '/publishers': IconBuildingBank,
  '/statements': IconFileInvoice,
  '/pools': IconCoins,
  '/data': IconDatabase,
  '/write-keys': IconTags,
  '/people': IconUsers,
  '/organisations': IconSitemap,
  '/keys': IconKey,
  '/audit': IconHistory,
};

interface NavigationProps {
  /** The pages of numbers. */
  pages: NumberPage[];
  /** The pages about the organisation. */
  organisation: OrganisationPage[];
  onChosen?: () => void;
}

export function Navigation({ pages, organisation, onChosen }: NavigationProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <nav aria-label={t('shell.navigation')}>
      <Links pages={pages} onChosen={onChosen} />
      {organisation.length > 0 && (
        <>
          <p id={id} className={classes.group}>
            {t('shell.organisation')}
          </p>
          <Links pages={organisation} labelledBy={id} onChosen={onChosen} />
        </>
      )}
    </nav>
  );
}

function Links({ pages, labelledBy, onChosen }: { pages: Listed[]; labelledBy?: string; onChosen?: () => void }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.links} aria-labelledby={labelledBy}>
      {pages.map((page) => {
        const Icon = icons[page];
        return (
          <li key={page}>
            <Link
              to={page}
              className={classes.link}
              activeOptions={{ exact: page === '/', includeSearch: false }}
              onClick={onChosen}
            >
              <Icon size={19} stroke={1.7} aria-hidden />
              {t(`nav.${page}`)}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
