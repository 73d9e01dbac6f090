import { Button, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { changeEmail } from '../../api/account';
import type { AccountDetails } from '../../api/types';
import { Refused } from '../../board/Refused';
import { Buttons, Form } from '../../ui/Form';
import { Panel } from '../../ui/Panel';

/** The address changes when the link sent to the new one is opened; the old one is told. */
export function EmailPanel({ account }: { account: AccountDetails }) {
  const { t } = useTranslation();
  const asking = useMutation({ mutationFn: changeEmail, onSuccess: () => form.reset() });
  const form = useForm({
    initialValues: { email: '' },
    validate: {
      email: (email) => (/^\S+@\S+$/.test(email.trim()) ? null : t('signIn.emailMissing')),
    },
  });
  return (
    <Panel title={t('signIn.email')} hint={t('account.emailHint', { email: account.email })}>
      <Form onSubmit={form.onSubmit(({ email }) => asking.mutate(email.trim()))}>
        <Refused error={asking.error} />
        <TextInput
          label={t('account.newEmail')}
          type="email"
          name="new-email"
          autoComplete="email"
          {...form.getInputProps('email')}
        />
        {asking.isSuccess && (
          <Text role="status" size="sm" fw={600}>
            {t('account.emailSent', { email: asking.variables })}
          </Text>
        )}
        <Buttons>
          <Button type="submit" variant="default" loading={asking.isPending}>
            {t('account.changeEmail')}
          </Button>
        </Buttons>
      </Form>
    </Panel>
  );
}
