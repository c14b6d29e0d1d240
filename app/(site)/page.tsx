import { Button } from '@/components/ui/button';
import { readVisitor, siteWords } from './words';

const width = 1440;
const height = 900;

/** The product itself, three sentences, one button. */
export default async function LandingPage() {
  const [t, { locale }] = await Promise.all([siteWords(), readVisitor()]);
  return (
    <main id="main" className="mx-auto w-full max-w-6xl flex-1 px-4 pt-10 pb-16 sm:px-6 sm:pt-16">
      <div className="max-w-3xl">
        <h1 className="font-semibold text-xl sm:text-[40px] sm:leading-[48px]">{t('landing.title')}</h1>
        <div className="mt-4 grid gap-1 text-base text-muted-foreground sm:text-[16px] sm:leading-6">
          <p>{t('landing.one')}</p>
          <p>{t('landing.two')}</p>
          <p>{t('landing.three')}</p>
        </div>
        <Button asChild size="lg" className="mt-6">
          <a href="/sign-up">{t('landing.button')}</a>
        </Button>
      </div>
      <div className="mt-10 overflow-hidden rounded-lg border bg-canvas shadow-pop sm:mt-14">
        {/* Only the one that is shown is fetched: a lazy image that is not displayed never loads. */}
        {(['light', 'dark'] as const).map((theme) => (
          <picture key={theme} className={theme === 'dark' ? 'hidden dark:block' : 'block dark:hidden'}>
            <img
              src={`/site/board-${locale}-${theme}.png`}
              alt={t('landing.shot')}
              width={width}
              height={height}
              loading="lazy"
              className="aspect-[8/5] h-auto w-full object-cover object-left-top max-sm:aspect-[4/5]"
            />
          </picture>
        ))}
      </div>
    </main>
  );
}
