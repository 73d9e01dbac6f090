import { Button } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { organisationQuery } from '../../api/organisations';
import { peopleQuery } from '../../api/people';
import { QueryState } from '../../board/QueryState';
import { TextLink } from '../../board/TextLink';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { organisationPagesOf } from '../../view/nav';
import { useSession } from '../../view/session';
import { useViewSearch } from '../../view/useView';
import { InvitationTable } from './InvitationTable';
import { InviteDialog } from './InviteDialog';
import { MemberPanel } from './MemberPanel';
import { PeopleContext, type PeopleOf } from './people';
import { RequireTwoFactor } from './RequireTwoFactor';

/** Who is in an organisation: one's own, or one below it that the address names. */
export function PeoplePage() {
  const { t } = useTranslation();
  const session = useSession();
  const { organisation: slug = session.organisation.slug } = useViewSearch();
  const own = slug === session.organisation.slug;
  const people = useQuery(peopleQuery(slug));
  const { data: organisation } = useQuery({
    ...organisationQuery(slug),
    enabled: session.can.includes('organisation.read'),
  });
  const [inviting, setInviting] = useState(false);
  const of: PeopleOf = {
    slug,
    name: organisation?.name ?? (own ? session.organisation.name : slug),
    kind: organisation?.kind ?? (own ? session.organisation.kind : ''),
    about: organisation?.about ?? [],
  };
  const mayWrite = session.can.includes('people.write');
  return (
    <PeopleContext value={of}>
      <PageHead
        eyebrow={
          organisationPagesOf(session).includes('/organisations') && (
            <TextLink to="/organisations">{`← ${t('nav./organisations')}`}</TextLink>
          )
        }
        title={t('nav./people')}
        subtitle={t('people.of', { organisation: of.name })}
        controls={
          mayWrite && (
            <Button leftSection={<IconUserPlus size={17} aria-hidden />} onClick={() => setInviting(true)}>
              {t('people.invite')}
            </Button>
          )
        }
      />
      <Stack>
        <QueryState query={people} lines={8}>
          {({ members, invitations }) => (
            <Stack>
              <MemberPanel members={members} />
              <Panel title={t('people.invitations')} hint={t('people.invitationsHint')}>
                <InvitationTable invitations={invitations} />
              </Panel>
              {organisation && session.can.includes('organisation.secure') && (
                <RequireTwoFactor
                  organisation={organisation}
                  without={members.filter((each) => each.active && !each.two_factor).length}
                />
              )}
            </Stack>
          )}
        </QueryState>
      </Stack>
      <InviteDialog opened={inviting} onClose={() => setInviting(false)} />
    </PeopleContext>
  );
}
