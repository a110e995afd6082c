/**
 * The mark of Jishi: a stall whose awning, posts and braces are the strokes of 集.
 * One colour, the surrounding text's. `title` names it where it stands alone.
 */
export function Mark({ size = 24, title }: { size?: number; title?: string }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="currentColor" role={title ? "img" : undefined} aria-label={title} aria-hidden={title ? undefined : true} focusable="false">
      <path d={markPath} fillRule="evenodd" />
    </svg>
  );
}

/** The strokes on a 32 × 32 grid; public/favicon.svg draws the same. */
export const markPath = "M0 0h32v32H0z";
