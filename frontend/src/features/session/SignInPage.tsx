import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { toProblem } from '../../api/problem';
import { signIn } from '../../api/session';
import type { Session } from '../../api/types';
import { PageHead } from '../../ui/PageHead';
import { Refusal } from '../../ui/Refusal';
import classes from './SignIn.module.css';

interface SignInPageProps {
  onSignedIn: (session: Session) => void;
  brand: ReactNode;
  preferences: ReactNode;
}

export function SignInPage({ onSignedIn, brand, preferences }: SignInPageProps) {
  const { t } = useTranslation();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (email) => (/^\S+@\S+$/.test(email.trim()) ? null : t('signIn.emailMissing')),
      password: (password) => (password === '' ? t('signIn.passwordMissing') : null),
    },
  });

  const refusalOf = (error: unknown) => {
    const problem = toProblem(error);
    if (problem.status === 401) return t('signIn.wrong');
    if (problem.status === 429) return t('signIn.slowDown');
    return problem.status === 0 ? t('state.unreachableText') : problem.detail || problem.message;
  };

  const submit = async ({ email, password }: { email: string; password: string }) => {
    setBusy(true);
    setRefusal(null);
    try {
      onSignedIn(await signIn(email.trim(), password));
    } catch (error) {
      setRefusal(refusalOf(error));
      setBusy(false);
    }
  };

  return (
    <div className={classes.page}>
      <header className={classes.top}>{preferences}</header>
      <main className={classes.card}>
        {brand}
        <PageHead title={t('signIn.title')} subtitle={t('signIn.subtitle')} />
        <form className={classes.form} onSubmit={form.onSubmit(submit)} noValidate>
          {refusal && <Refusal title={refusal} />}
          <TextInput
            label={t('signIn.email')}
            type="email"
            name="email"
            autoComplete="username"
            size="md"
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={t('signIn.password')}
            name="password"
            autoComplete="current-password"
            size="md"
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.show'), tabIndex: 0 }}
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={busy} fullWidth mt="xs">
            {t('signIn.submit')}
          </Button>
        </form>
      </main>
    </div>
  );
}
