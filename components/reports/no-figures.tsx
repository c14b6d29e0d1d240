/** In place of a chart that has nothing to show yet. */
export function NoFigures({ text }: { text: string }) {
  return (
    <div className="grid min-h-32 place-items-center px-4 py-6 text-center">
      <div>
        <span aria-hidden className="mx-auto mb-3 flex h-8 w-14 items-end justify-between">
          {[40, 70, 55, 100].map((height) => (
            <span key={height} className="w-2.5 rounded-xs bg-muted" style={{ height: `${height}%` }} />
          ))}
        </span>
        <p className="max-w-xs text-muted-foreground text-sm">{text}</p>
      </div>
    </div>
  );
}
