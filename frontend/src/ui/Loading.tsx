import { Skeleton, VisuallyHidden } from '@mantine/core';

interface LoadingProps {
  label: string;
  lines?: number;
  height?: number;
}

/** Grey shapes of what is to come; the words are for those who do not see them. */
export function Loading({ label, lines = 5, height = 18 }: LoadingProps) {
  return (
    <div role="status">
      <VisuallyHidden>{label}</VisuallyHidden>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={height} my={12} radius="sm" width={`${100 - (index % 3) * 9}%`} />
      ))}
    </div>
  );
}
