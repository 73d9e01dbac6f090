import { Loader } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { acceptInvitation, invitationQuery } from '../../api/letters';
import { toProblem } from '../../api/problem';
import type { InvitationLetter } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { Facts } from '../../ui/Facts';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { Refused } from '../../board/Refused';
import { AcceptForm, type Answer } from './AcceptForm';
import { LetterDone } from './LetterDone';
import { DeadLink, LetterFailed } from './LetterState';

/** Who invites whom to what; accepting it makes the account where there is none yet. */
export function InvitationPage({ token }: { token: string | undefined }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({ ...invitationQuery(token ?? ''), enabled: token !== undefined });
  const accepting = useMutation({ mutationFn: (answer: Answer | undefined) => acceptInvitation(token ?? '', answer) });

  const body = () => {
    if (token === undefined) return <DeadLink>{t('invitation.gone')}</DeadLink>;
    if (accepting.isSuccess) return <LetterDone>{t('invitation.accepted')}</LetterDone>;
    if (error) return <LetterFailed error={error} gone={t('invitation.gone')} onRetry={() => void refetch()} />;
    if (!data) return <Loader aria-label={t('state.loading')} />;
    if (accepting.error && toProblem(accepting.error).status === 410) {
      return <DeadLink>{t('invitation.gone')}</DeadLink>;
    }
    return (
      <Stack>
        <Letter letter={data} />
        <AcceptForm
          hasAccount={data.has_account}
          email={data.email}
          busy={accepting.isPending}
          refusal={<Refused error={accepting.error} />}
          onAnswer={(answer) => accepting.mutate(answer)}
        />
      </Stack>
    );
  };
  return (
    <>
      <PageHead
        title={
          data && !accepting.isSuccess ? t('invitation.to', { organisation: data.organisation }) : t('invitation.title')
        }
      />
      {body()}
    </>
  );
}

function Letter({ letter }: { letter: InvitationLetter }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Facts
      facts={[
        { name: t('people.role'), value: t(`role.${letter.role}`, { defaultValue: letter.role }) },
        { name: t('invitation.by'), value: letter.invited_by },
        { name: t('signIn.email'), value: letter.email },
        { name: t('invitation.until'), value: format.moment(letter.expires_at, undefined) },
      ]}
    />
  );
}
