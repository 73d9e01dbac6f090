import { Button, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { askPasswordReset, resetPassword } from '../../api/letters';
import { isProblem } from '../../api/problem';
import { NewPassword, shortest, tooShort } from '../../board/NewPassword';
import { Refused } from '../../board/Refused';
import { TextLink } from '../../board/TextLink';
import { Form } from '../../ui/Form';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { LetterDone } from './LetterDone';
import { DeadLink } from './LetterState';

/** Asks for the link, and opened by the link sets the new password. */
export function PasswordResetPage({ token }: { token: string | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t(token === undefined ? 'reset.title' : 'reset.setTitle')} />
      {token === undefined ? <AskForLink /> : <SetPassword token={token} />}
    </>
  );
}

function AskForLink() {
  const { t } = useTranslation();
  const asking = useMutation({ mutationFn: askPasswordReset });
  const form = useForm({
    initialValues: { email: '' },
    validate: { email: (email) => (/^\S+@\S+$/.test(email.trim()) ? null : t('signIn.emailMissing')) },
  });
  if (asking.isSuccess) return <LetterDone>{t('reset.sent')}</LetterDone>;
  return (
    <Form onSubmit={form.onSubmit(({ email }) => asking.mutate(email.trim()))}>
      <Refused error={asking.error} />
      <Text size="sm">{t('reset.text')}</Text>
      <TextInput
        label={t('signIn.email')}
        type="email"
        name="email"
        autoComplete="username"
        size="md"
        {...form.getInputProps('email')}
      />
      <Button type="submit" size="md" loading={asking.isPending} fullWidth mt="xs">
        {t('reset.send')}
      </Button>
      <TextLink to="/sign-in">{t('letter.toSignIn')}</TextLink>
    </Form>
  );
}

function SetPassword({ token }: { token: string }) {
  const { t } = useTranslation();
  const setting = useMutation({ mutationFn: (password: string) => resetPassword(token, password) });
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (password) => (tooShort(password) ? t('password.short', { count: shortest }) : null) },
  });
  if (setting.isSuccess) return <LetterDone>{t('reset.done')}</LetterDone>;
  if (isProblem(setting.error, 410)) {
    return (
      <Stack>
        <DeadLink>{t('reset.gone')}</DeadLink>
        <TextLink to="/password-reset" hash="">
          {t('reset.again')}
        </TextLink>
      </Stack>
    );
  }
  return (
    <Form onSubmit={form.onSubmit(({ password }) => setting.mutate(password))}>
      <Refused error={setting.error} />
      <Text size="sm">{t('reset.ends')}</Text>
      <NewPassword size="md" {...form.getInputProps('password')} />
      <Button type="submit" size="md" loading={setting.isPending} fullWidth mt="xs">
        {t('reset.set')}
      </Button>
    </Form>
  );
}
