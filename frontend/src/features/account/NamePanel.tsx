import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accountQuery, changeAccount } from '../../api/account';
import { sessionQuery } from '../../api/session';
import type { AccountDetails, Language } from '../../api/types';
import { Refused } from '../../board/Refused';
import { useSaid } from '../../board/said';
import { isLanguage, languages, remember } from '../../i18n/i18n';
import { Buttons, Form, Row } from '../../ui/Form';
import { Panel } from '../../ui/Panel';

/** What one is called, and the language in which letters are written and pages open. */
export function NamePanel({ account }: { account: AccountDetails }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const said = useSaid();
  const form = useForm({
    initialValues: { name: account.name, language: account.language as Language },
    validate: { name: (name) => (name.trim() === '' ? t('account.nameMissing') : null) },
  });
  const changing = useMutation({
    mutationFn: ({ name, language }: typeof form.values) => changeAccount(name.trim(), language),
    onSuccess: async (_, { language }) => {
      remember(language);
      await i18n.changeLanguage(language);
      said(i18n.t('account.saved'));
      await Promise.all([
        queries.invalidateQueries({ queryKey: accountQuery.queryKey }),
        queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
      ]);
    },
  });
  return (
    <Panel title={t('account.person')}>
      <Form onSubmit={form.onSubmit((values) => changing.mutate(values))}>
        <Refused error={changing.error} />
        <Row>
          <TextInput label={t('account.name')} name="name" autoComplete="name" {...form.getInputProps('name')} />
          <NativeSelect
            label={t('account.language')}
            data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
            value={form.values.language}
            onChange={({ currentTarget: { value } }) => isLanguage(value) && form.setFieldValue('language', value)}
          />
        </Row>
        <Buttons>
          <Button type="submit" loading={changing.isPending}>
            {t('form.save')}
          </Button>
        </Buttons>
      </Form>
    </Panel>
  );
}
