import { Outlet } from '@tanstack/react-router';
import { FrontPage } from '../ui/FrontPage';
import { Brand } from './Brand';
import { Preferences } from './Preferences';

/** What stands around the pages that belong to no organisation. */
export function Outside() {
  return (
    <FrontPage brand={<Brand />} top={<Preferences />}>
      <Outlet />
    </FrontPage>
  );
}
