import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { OwnPassword } from '../../board/NewPassword';
import { Form } from '../../ui/Form';

export interface Credentials {
  email: string;
  password: string;
}

interface PasswordFormProps {
  busy: boolean;
  refusal: ReactNode;
  onCredentials: (credentials: Credentials) => void;
}

export function PasswordForm({ busy, refusal, onCredentials }: PasswordFormProps) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (email) => (/^\S+@\S+$/.test(email.trim()) ? null : t('signIn.emailMissing')),
      password: (password) => (password === '' ? t('signIn.passwordMissing') : null),
    },
  });
  return (
    <Form onSubmit={form.onSubmit(({ email, password }) => onCredentials({ email: email.trim(), password }))}>
      {refusal}
      <TextInput
        label={t('signIn.email')}
        type="email"
        name="email"
        autoComplete="username"
        size="md"
        {...form.getInputProps('email')}
      />
      <OwnPassword size="md" {...form.getInputProps('password')} />
      <Button type="submit" size="md" loading={busy} fullWidth mt="xs">
        {t('signIn.submit')}
      </Button>
    </Form>
  );
}
