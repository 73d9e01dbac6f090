import {
  IconBook2,
  IconBuildingBank,
  IconCoins,
  IconDatabase,
  IconFileInvoice,
  IconLayoutDashboard,
  IconSchool,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Page } from '../view/nav';
import classes from './Shell.module.css';

const icons: Record<Page, typeof IconBook2> = {
  '/': IconLayoutDashboard,
  '/schools': IconSchool,
  '/books': IconBook2,
  '/publishers': IconBuildingBank,
  '/statements': IconFileInvoice,
  '/pools': IconCoins,
  '/data': IconDatabase,
};

export function Navigation({ pages, onChosen }: { pages: Page[]; onChosen?: () => void }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('shell.navigation')}>
      <ul className={classes.links}>
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
    </nav>
  );
}
