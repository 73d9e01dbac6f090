import { useTranslation } from 'react-i18next';
import { useCatalog, useSession } from '../../view/session';
import { pagesOf, type NumberPage } from '../../view/nav';
import { TextLink } from '../../board/TextLink';

/** The way up: to the list this page belongs to, or to the overview for those who have no such list. */
export function Back({ to }: { to: NumberPage }) {
  const { t } = useTranslation();
  const session = useSession();
  const { catalog } = useCatalog();
  const page = pagesOf(session, catalog).includes(to) ? to : '/';
  return (
    <TextLink to={page} size="sm">
      {`← ${t(`nav.${page}`)}`}
    </TextLink>
  );
}
