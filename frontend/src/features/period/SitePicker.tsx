import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useChangeView, useView } from '../../view/useView';

/** Only there when there is a choice. */
export function SitePicker() {
  const { t } = useTranslation();
  const view = useView();
  const changeView = useChangeView();
  if (view.sites.length < 2) return null;
  return (
    <NativeSelect
      size="sm"
      label={t('period.site')}
      value={view.site?.code ?? ''}
      onChange={(event) => changeView({ site: event.currentTarget.value || undefined })}
      data={[
        { value: '', label: t('period.allSites') },
        ...view.sites.map((site) => ({ value: site.code, label: site.name })),
      ]}
    />
  );
}
