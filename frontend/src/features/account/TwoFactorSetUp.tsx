import { Button, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { startTwoFactor, turnTwoFactorOn } from '../../api/account';
import type { TwoFactorSetUp as SetUp } from '../../api/types';
import { CodeInput } from '../../board/CodeInput';
import { CopyButton } from '../../board/CopyButton';
import { Refused } from '../../board/Refused';
import { Buttons, Form } from '../../ui/Form';
import { Stack } from '../../ui/Layout';
import { Secret } from '../../ui/Secret';
import { RecoveryCodes } from './RecoveryCodes';
import classes from './TwoFactor.module.css';

/** Step by step: begin, scan or type the secret, prove it with a code, keep the recovery codes. */
export function TwoFactorSetUp({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const starting = useMutation({ mutationFn: startTwoFactor });
  const turning = useMutation({ mutationFn: turnTwoFactorOn });
  if (turning.data) return <RecoveryCodes codes={turning.data} onKept={onDone} />;
  if (!starting.data) {
    return (
      <Stack>
        <Text size="sm">{t('twoFactor.startText')}</Text>
        <Refused error={starting.error} />
        <Buttons>
          <Button onClick={() => starting.mutate()} loading={starting.isPending}>
            {t('twoFactor.start')}
          </Button>
        </Buttons>
      </Stack>
    );
  }
  return (
    <Stack>
      <Scan setUp={starting.data} />
      <Prove error={turning.error} busy={turning.isPending} onCode={(code) => turning.mutate(code)} />
    </Stack>
  );
}

/** The picture is drawn by the server; as an image, nothing in it can be run. */
function Scan({ setUp }: { setUp: SetUp }) {
  const { t } = useTranslation();
  return (
    <div className={classes.scan}>
      <img
        className={classes.picture}
        src={`data:image/svg+xml;utf8,${encodeURIComponent(setUp.qr_svg)}`}
        alt={t('twoFactor.picture')}
        width={200}
        height={200}
      />
      <div className={classes.words}>
        <Text size="sm">{t('twoFactor.scan')}</Text>
        <Text size="sm">{t('twoFactor.orType')}</Text>
        <Secret label={t('twoFactor.secret')}>{setUp.secret.replace(/(.{4})(?=.)/g, '$1 ')}</Secret>
        <CopyButton text={setUp.secret} what={t('twoFactor.secret')} />
      </div>
    </div>
  );
}

function Prove({ error, busy, onCode }: { error: unknown; busy: boolean; onCode: (code: string) => void }) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (code) => (/^\d{6}$/.test(code.replace(/\s/g, '')) ? null : t('twoFactor.sixDigits')) },
  });
  return (
    <Form onSubmit={form.onSubmit(({ code }) => onCode(code.replace(/\s/g, '')))}>
      <Refused error={error} />
      <CodeInput description={t('twoFactor.codeHint')} inputMode="numeric" {...form.getInputProps('code')} />
      <Buttons>
        <Button type="submit" loading={busy}>
          {t('twoFactor.turnOn')}
        </Button>
      </Buttons>
    </Form>
  );
}
