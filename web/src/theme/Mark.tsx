/**
 * The mark of Jishi: a stall under its awning, drawn with the strokes of 集.
 * One colour, the surrounding text's. `title` names it where it stands alone. public/favicon.svg draws the same.
 */
export function Mark({ size = 24, title }: { size?: number; title?: string }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" role={title ? "img" : undefined} aria-label={title} aria-hidden={title ? undefined : true} focusable="false">
      <path fill="none" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round"
        d="M10.3 1.6 5.4 8.600M17.2 1.6 18.4 4.600M8.2 6.200V13M18 5.500V13M8.2 6.200H26.500M8.2 10.300H25.500M3 23.300H29M16 20.500V30.600M14.6 24.3 5.5 30M17.4 24.3 26.5 30" />
      <path fill="currentColor" d="M4.3 13.200H27.700L30 17.300a2.8 2.8 0 0 1-5.6 0 2.8 2.8 0 0 1-5.6 0 2.8 2.8 0 0 1-5.6 0 2.8 2.8 0 0 1-5.6 0 2.8 2.8 0 0 1-5.6 0z" />
    </svg>
  );
}
