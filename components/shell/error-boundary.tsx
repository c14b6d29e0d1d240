'use client';

import { TriangleAlert } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';

interface Props {
  /** Another value, such as another address, tries again. */
  resetKey: string;
  children: ReactNode;
}

/** Keeps a broken screen from taking the frame with it. */
export class ErrorBoundary extends Component<Props, { failed: boolean; key: string }> {
  override state = { failed: false, key: this.props.resetKey };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  static getDerivedStateFromProps(props: Props, state: { failed: boolean; key: string }) {
    return props.resetKey === state.key ? null : { failed: false, key: props.resetKey };
  }

  override render() {
    return this.state.failed ? <Crashed /> : this.props.children;
  }
}

function Crashed() {
  const t = useTranslations('shell.crash');
  return (
    <Empty role="alert" icon={<TriangleAlert />} title={t('title')} description={t('description')}>
      {/* A whole load, because the cause may be code of an older version. */}
      <Button onClick={() => window.location.reload()}>{t('reload')}</Button>
    </Empty>
  );
}
