import { Alert } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Stack } from '../../ui/Layout';
import { TextLink } from '../../board/TextLink';

/** It is done, and how to go on. */
export function LetterDone({ children }: { children: string }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Alert role="status" color="teal" variant="outline" icon={<IconCheck size={18} aria-hidden />}>
        {children}
      </Alert>
      <TextLink to="/sign-in">{t('letter.toSignIn')}</TextLink>
    </Stack>
  );
}
