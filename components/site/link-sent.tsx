import { MailCheck } from 'lucide-react';
import { Alert, AlertDescription, AlertTitle } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';

/** In place of a form that had a link mailed, with the way back to it. */
export function LinkSent(props: { title: string; help: string; back: string; onBack: () => void }) {
  return (
    <div className="grid gap-4">
      <Alert variant="success">
        <MailCheck aria-hidden />
        <AlertDescription>
          <AlertTitle>{props.title}</AlertTitle>
          <p className="text-foreground">{props.help}</p>
        </AlertDescription>
      </Alert>
      <Button variant="secondary" className="w-fit" onClick={props.onBack}>
        {props.back}
      </Button>
    </div>
  );
}
