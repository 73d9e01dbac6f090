import { Navigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { OfficialOverview } from '../../features/official/OfficialOverview';
import { OwnerOverview } from '../../features/overview/OwnerOverview';
import { PublisherOverview } from '../../features/overview/PublisherOverview';
import { SchoolOverview } from '../../features/overview/SchoolOverview';
import { PeriodPicker } from '../../features/period/PeriodPicker';
import { EmptyState } from '../../ui/EmptyState';
import { PageHead } from '../../ui/PageHead';
import { useSession } from '../../view/session';

/** The first page is each role's own; one who may not read usage starts with the data. */
export function OverviewRoute() {
  const { t } = useTranslation();
  const session = useSession();
  if (!session.can.includes('usage.read')) {
    if (session.can.includes('load.read')) return <Navigate to="/data" />;
    return (
      <>
        <PageHead title={t('overview.title')} />
        <EmptyState reason="forbidden" title={t('state.forbidden')} />
      </>
    );
  }
  if (session.lens === 'protected') return <OfficialOverview />;
  const controls = <PeriodPicker />;
  if (session.role === 'school_admin') return <SchoolOverview controls={controls} />;
  if (session.role === 'publisher') return <PublisherOverview controls={controls} />;
  return <OwnerOverview controls={controls} />;
}
