import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/EmptyState';
import { PageHead } from '../ui/PageHead';
import { TextLink } from '../board/TextLink';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('state.notFound')} />
      <EmptyState
        reason="missing"
        title={t('state.noPage')}
        action={<TextLink to="/">{t('state.toOverview')}</TextLink>}
      />
    </>
  );
}
