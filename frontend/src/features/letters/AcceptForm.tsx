import { Button, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../../api/types';
import { NewPassword, shortest, tooShort } from '../../board/NewPassword';
import { isLanguage } from '../../i18n/i18n';
import { Form } from '../../ui/Form';

export interface Answer {
  name: string;
  password: string;
  language: Language;
}

interface AcceptFormProps {
  hasAccount: boolean;
  email: string;
  busy: boolean;
  refusal: ReactNode;
  onAnswer: (answer: Answer | undefined) => void;
}

export function AcceptForm({ hasAccount, email, busy, refusal, onAnswer }: AcceptFormProps) {
  const { t, i18n } = useTranslation();
  const form = useForm({
    initialValues: { name: '', password: '' },
    validate: hasAccount
      ? {}
      : {
          name: (name) => (name.trim() === '' ? t('account.nameMissing') : null),
          password: (password) => (tooShort(password) ? t('password.short', { count: shortest }) : null),
        },
  });
  const language = isLanguage(i18n.language) ? i18n.language : 'en';
  return (
    <Form
      onSubmit={form.onSubmit(({ name, password }) =>
        onAnswer(hasAccount ? undefined : { name: name.trim(), password, language }),
      )}
    >
      {refusal}
      {hasAccount ? (
        <Text size="sm">{t('invitation.known')}</Text>
      ) : (
        <>
          {/* A password manager keeps the new password for this address. */}
          <input type="hidden" name="username" autoComplete="username" value={email} />
          <TextInput label={t('account.name')} name="name" autoComplete="name" {...form.getInputProps('name')} />
          <NewPassword {...form.getInputProps('password')} />
        </>
      )}
      <Button type="submit" size="md" loading={busy} fullWidth mt="xs">
        {t('invitation.accept')}
      </Button>
    </Form>
  );
}
