import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeActive, endSessions, removeMember } from '../../api/people';
import type { Member } from '../../api/types';
import { Confirm } from '../../board/Confirm';
import { useSaid } from '../../board/said';
import { ChangeDialog } from './ChangeDialog';
import { usePeopleOf, useRenewPeople } from './people';
import { ViewAsDialog } from './ViewAsDialog';

export interface Act {
  what: 'change' | 'viewAs' | 'endSessions' | 'deactivate' | 'activate' | 'remove';
  member: Member;
}

const confirmed = ['endSessions', 'deactivate', 'activate', 'remove'] as const;

/** The dialog of what was chosen for a member. */
export function MemberActs({ act, onDone }: { act: Act | undefined; onDone: () => void }) {
  // While a dialog goes away it still says whom it was about.
  const [latest, setLatest] = useState(act);
  if (act && act !== latest) setLatest(act);
  if (!latest) return null;
  const { member } = latest;
  return (
    <>
      <ChangeDialog opened={act?.what === 'change'} member={member} onClose={onDone} />
      <ViewAsDialog opened={act?.what === 'viewAs'} member={member} onClose={onDone} />
      {confirmed.map((what) => (
        <ConfirmAct key={what} what={what} opened={act?.what === what} member={member} onClose={onDone} />
      ))}
    </>
  );
}

interface ConfirmActProps {
  what: (typeof confirmed)[number];
  opened: boolean;
  member: Member;
  onClose: () => void;
}

function ConfirmAct({ what, opened, member, onClose }: ConfirmActProps) {
  const { t } = useTranslation();
  const said = useSaid();
  const renew = useRenewPeople();
  const { slug, name: organisation } = usePeopleOf();
  const { account, name } = member;
  const acting = useMutation({
    mutationFn: () => {
      if (what === 'remove') return removeMember(slug, account);
      if (what === 'endSessions') return endSessions(account);
      return changeActive(account, what === 'activate');
    },
    onSuccess: async () => {
      onClose();
      said(t(`people.done.${what}`, { name }));
      await renew();
    },
  });
  return (
    <Confirm
      opened={opened}
      title={t(`people.act.${what}`)}
      text={t(`people.confirm.${what}`, { name, organisation })}
      action={t(`people.act.${what}`)}
      grave={what === 'remove' || what === 'deactivate'}
      busy={acting.isPending}
      error={acting.error}
      onConfirm={() => acting.mutate()}
      onClose={() => {
        acting.reset();
        onClose();
      }}
    />
  );
}
