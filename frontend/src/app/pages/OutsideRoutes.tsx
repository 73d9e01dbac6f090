import { useLocation } from '@tanstack/react-router';
import { EmailChangePage } from '../../features/letters/EmailChangePage';
import { InvitationPage } from '../../features/letters/InvitationPage';
import { PasswordResetPage } from '../../features/letters/PasswordResetPage';
import { tokenIn } from '../../features/letters/token';

function useToken(): string | undefined {
  return tokenIn(useLocation().hash);
}

// Keyed by the token: another letter's link starts anew.

export function InvitationRoute() {
  const token = useToken();
  return <InvitationPage key={token} token={token} />;
}

export function PasswordResetRoute() {
  const token = useToken();
  return <PasswordResetPage key={token} token={token} />;
}

export function EmailChangeRoute() {
  const token = useToken();
  return <EmailChangePage key={token} token={token} />;
}
