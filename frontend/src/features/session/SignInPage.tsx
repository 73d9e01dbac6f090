import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { hasCode } from '../../api/problem';
import { signIn } from '../../api/session';
import type { Session } from '../../api/types';
import { Refused } from '../../board/Refused';
import { TextLink } from '../../board/TextLink';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { Refusal } from '../../ui/Refusal';
import { CodeForm } from './CodeForm';
import { PasswordForm, type Credentials } from './PasswordForm';
import { Providers } from './Providers';
import classes from './SignIn.module.css';

interface SignInPageProps {
  /** The page that was wanted. */
  to: string;
  /** Why signing in elsewhere did not lead here. */
  refused: string | undefined;
  onSignedIn: (session: Session) => void;
}

/** E-mail and password; then the code, for those who have a second factor. */
export function SignInPage({ to, refused, onSignedIn }: SignInPageProps) {
  const { t } = useTranslation();
  const [credentials, setCredentials] = useState<Credentials>();
  const signing = useMutation({
    mutationFn: ({ email, password, code }: Credentials & { code?: string }) => signIn(email, password, code),
    onSuccess: onSignedIn,
    onError: (error, { email, password }) => {
      if (hasCode(error, 'code_needed', 'bad_code')) setCredentials({ email, password });
      else if (hasCode(error, 'bad_credentials')) setCredentials(undefined);
    },
  });
  const error = hasCode(signing.error, 'code_needed') ? null : signing.error;
  // It stays busy until the page that was wanted has come.
  const busy = signing.isPending || signing.isSuccess;

  if (credentials) {
    return (
      <>
        <PageHead title={t('signIn.codeTitle')} subtitle={t('signIn.codeSubtitle', { email: credentials.email })} />
        <CodeForm
          busy={busy}
          refusal={<Refused error={error} />}
          onCode={(code) => signing.mutate({ ...credentials, code })}
          onBack={() => {
            setCredentials(undefined);
            signing.reset();
          }}
        />
      </>
    );
  }
  return (
    <>
      <PageHead title={t('signIn.title')} subtitle={t('signIn.subtitle')} />
      <Stack>
        {refused && !error && (
          <Refusal title={t(`refused.${refused}`, { defaultValue: t('refused.provider_refused') })} />
        )}
        <PasswordForm
          busy={busy}
          refusal={<Refused error={error} />}
          onCredentials={(given) => signing.mutate(given)}
        />
      </Stack>
      <Providers to={to} />
      <p className={classes.foot}>
        <TextLink to="/password-reset">{t('signIn.forgotten')}</TextLink>
      </p>
    </>
  );
}
