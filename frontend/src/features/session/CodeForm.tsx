import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeInput } from '../../board/CodeInput';
import { Form } from '../../ui/Form';

interface CodeFormProps {
  busy: boolean;
  refusal: ReactNode;
  onCode: (code: string) => void;
  onBack: () => void;
}

export function CodeForm({ busy, refusal, onCode, onBack }: CodeFormProps) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (code) => (code.trim() === '' ? t('code.missing') : null) },
  });
  return (
    <Form onSubmit={form.onSubmit(({ code }) => onCode(code.trim()))}>
      {refusal}
      <CodeInput size="md" autoFocus {...form.getInputProps('code')} />
      <Button type="submit" size="md" loading={busy} fullWidth mt="xs">
        {t('signIn.submit')}
      </Button>
      <Button variant="subtle" size="md" onClick={onBack} fullWidth>
        {t('signIn.back')}
      </Button>
    </Form>
  );
}
