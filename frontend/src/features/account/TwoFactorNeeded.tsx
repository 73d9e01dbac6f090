import { useTranslation } from 'react-i18next';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { Stack } from '../../ui/Layout';
import { useSession } from '../../view/session';
import { TwoFactorSetUp } from './TwoFactorSetUp';

/** The one page of whoever has no second factor in an organisation that requires it. */
export function TwoFactorNeeded({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const { organisation } = useSession();
  return (
    <>
      <PageHead
        title={t('twoFactor.needed')}
        subtitle={t('twoFactor.neededText', { organisation: organisation.name })}
      />
      <Stack>
        <Panel title={t('twoFactor.setUp')}>
          <TwoFactorSetUp onDone={onDone} />
        </Panel>
      </Stack>
    </>
  );
}
