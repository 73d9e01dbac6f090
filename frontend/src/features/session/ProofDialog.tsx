import { Button, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { proveWith } from '../../api/proof';
import { prove } from '../../api/session';
import { CodeInput } from '../../board/CodeInput';
import { OwnPassword } from '../../board/NewPassword';
import { Refused } from '../../board/Refused';
import { Dialog } from '../../ui/Dialog';
import { Buttons, Form } from '../../ui/Form';

interface ProofDialogProps {
  hasPassword: boolean;
  twoFactor: boolean;
}

/**
 * Whatever is done, when the server wants to know once more who does it, this asks. What was being done waits meanwhile
 * and goes on by itself.
 */
export function ProofDialog({ hasPassword, twoFactor }: ProofDialogProps) {
  const { t } = useTranslation();
  const [answer, setAnswer] = useState<(proved: boolean) => void>();
  const form = useForm({ initialValues: { password: '', code: '' } });
  const proving = useMutation({ mutationFn: (given: typeof form.values) => prove(given.password, given.code.trim()) });

  useEffect(() => proveWith(() => new Promise((resolve) => setAnswer(() => resolve))), []);

  const close = (proved: boolean) => {
    answer?.(proved);
    setAnswer(undefined);
    form.reset();
    proving.reset();
  };
  const submit = (given: typeof form.values) => proving.mutate(given, { onSuccess: () => close(true) });
  // One who signs in elsewhere and has no second factor has nothing to say here but where they come from.
  const nothingToAsk = !hasPassword && !twoFactor;

  return (
    <Dialog
      opened={answer !== undefined}
      onClose={() => close(false)}
      title={t('proof.title')}
      closeLabel={t('shell.close')}
      busy={proving.isPending}
    >
      <Form onSubmit={form.onSubmit(submit)}>
        <Text size="sm">{nothingToAsk ? t('proof.signInAgain') : t('proof.text')}</Text>
        <Refused error={proving.error} />
        {hasPassword && <OwnPassword data-autofocus {...form.getInputProps('password')} />}
        {twoFactor && <CodeInput {...form.getInputProps('code')} />}
        <Buttons>
          <Button variant="default" onClick={() => close(false)} disabled={proving.isPending}>
            {t('form.cancel')}
          </Button>
          {!nothingToAsk && (
            <Button type="submit" loading={proving.isPending}>
              {t('proof.submit')}
            </Button>
          )}
        </Buttons>
      </Form>
    </Dialog>
  );
}
