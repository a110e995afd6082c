import css from "./ProductLogo.module.css";

/** A product's or shop's logo; its first character where there is none. Decorative: the name stands beside it. */
export function ProductLogo({ url, name, size = 48 }: { url: string; name: string; size?: 32 | 48 | 64 }) {
  if (url) return <img className={css.logo} src={url} alt="" width={size} height={size} loading="lazy" decoding="async" />;
  return <span className={css.letter} style={{ width: size, height: size }} aria-hidden="true">{[...name][0] ?? ""}</span>;
}
