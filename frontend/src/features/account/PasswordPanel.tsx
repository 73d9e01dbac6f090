import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accountQuery, browsersQuery, changePassword } from '../../api/account';
import type { AccountDetails } from '../../api/types';
import { NewPassword, OwnPassword, shortest, tooShort } from '../../board/NewPassword';
import { Refused } from '../../board/Refused';
import { useSaid } from '../../board/said';
import { Buttons, Form, Row } from '../../ui/Form';
import { Panel } from '../../ui/Panel';

export function PasswordPanel({ account }: { account: AccountDetails }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const said = useSaid();
  const form = useForm({
    initialValues: { current: '', password: '' },
    validate: {
      current: (current) => (account.has_password && current === '' ? t('signIn.passwordMissing') : null),
      password: (password) => (tooShort(password) ? t('password.short', { count: shortest }) : null),
    },
  });
  const changing = useMutation({
    mutationFn: ({ current, password }: typeof form.values) =>
      changePassword(account.has_password ? current : undefined, password),
    onSuccess: async () => {
      form.reset();
      said(t('account.passwordChanged'));
      await Promise.all([
        queries.invalidateQueries({ queryKey: accountQuery.queryKey }),
        queries.invalidateQueries({ queryKey: browsersQuery.queryKey }),
      ]);
    },
  });
  return (
    <Panel
      title={t('signIn.password')}
      hint={t(account.has_password ? 'account.passwordHint' : 'account.noPasswordHint')}
    >
      <Form onSubmit={form.onSubmit((values) => changing.mutate(values))}>
        <Refused error={changing.error} />
        <input type="hidden" name="username" autoComplete="username" value={account.email} />
        <Row>
          {account.has_password && <OwnPassword label={t('password.current')} {...form.getInputProps('current')} />}
          <NewPassword {...form.getInputProps('password')} />
        </Row>
        <Buttons>
          <Button type="submit" variant="default" loading={changing.isPending}>
            {t(account.has_password ? 'account.changePassword' : 'account.setPassword')}
          </Button>
        </Buttons>
      </Form>
    </Panel>
  );
}
