import { useParams } from '@tanstack/react-router';
import { StatementPage } from '../../features/statements/StatementPage';
import { Back } from './Back';

export function StatementRoute() {
  const { id } = useParams({ from: '/signed-in/statements/$id' });
  return <StatementPage key={id} id={id} back={<Back to="/statements" />} />;
}
