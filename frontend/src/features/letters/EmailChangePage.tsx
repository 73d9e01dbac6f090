import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { confirmEmail } from '../../api/letters';
import { isProblem } from '../../api/problem';
import { Refused } from '../../board/Refused';
import { Form } from '../../ui/Form';
import { PageHead } from '../../ui/PageHead';
import { LetterDone } from './LetterDone';
import { DeadLink } from './LetterState';

/** Confirms the new address. It waits for a press: programs that look into letters open their links too. */
export function EmailChangePage({ token }: { token: string | undefined }) {
  const { t } = useTranslation();
  const confirming = useMutation({ mutationFn: confirmEmail });
  const body = () => {
    if (token === undefined || isProblem(confirming.error, 410)) return <DeadLink>{t('emailChange.gone')}</DeadLink>;
    if (confirming.isSuccess) return <LetterDone>{t('emailChange.done')}</LetterDone>;
    return (
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          confirming.mutate(token);
        }}
      >
        <Refused error={confirming.error} />
        <Text size="sm">{t('emailChange.text')}</Text>
        <Button type="submit" size="md" loading={confirming.isPending} fullWidth>
          {t('emailChange.confirm')}
        </Button>
      </Form>
    );
  };
  return (
    <>
      <PageHead title={t('emailChange.title')} />
      {body()}
    </>
  );
}
