import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Member } from '../../api/types';
import { useSession } from '../../view/session';
import type { Act } from './MemberActs';
import { usePeopleOf } from './people';

/** What may be done with a member, by the one who is signed in; nothing at all leaves out the menu. */
function useActs(member: Member): Act['what'][] {
  const { can, account } = useSession();
  const self = member.account === account.id;
  const ownsAccounts = can.includes('account.switch') && !self;
  const offered: [Act['what'], boolean][] = [
    ['change', can.includes('people.write')],
    ['viewAs', can.includes('view_as') && !self && member.active],
    ['endSessions', ownsAccounts],
    ['deactivate', ownsAccounts && member.active],
    ['activate', ownsAccounts && !member.active],
    ['remove', can.includes('people.write')],
  ];
  return offered.filter(([, may]) => may).map(([what]) => what);
}

export function MemberMenu({ member, onAct }: { member: Member; onAct: (act: Act) => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { can } = useSession();
  const { slug } = usePeopleOf();
  const acts = useActs(member);
  const mayAsk = can.includes('access.read');
  if (acts.length === 0 && !mayAsk) return <>–</>;
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={t('people.actsOn', { name: member.name })}>
          <IconDots size={17} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayAsk && (
          <Menu.Item
            onClick={() => void navigate({ to: '/access', search: { organisation: slug, account: member.account } })}
          >
            {t('people.act.access')}
          </Menu.Item>
        )}
        {acts.map((what) => (
          <Menu.Item
            key={what}
            c={what === 'remove' || what === 'deactivate' ? 'var(--o-bad)' : undefined}
            onClick={() => onAct({ what, member })}
          >
            {t(`people.act.${what}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
