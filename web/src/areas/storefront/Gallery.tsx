import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./Gallery.module.css";

/** A product's pictures: one large, the others as small buttons. */
export function Gallery({ pictures, name }: { pictures: string[]; name: string }) {
  const { t } = useTranslation("storefront");
  const [shown, setShown] = useState(0);
  const current = pictures[shown] ?? pictures[0];
  if (!current) return null;
  const alt = (index: number) => t("gallery.picture", { name, number: index + 1, total: pictures.length });
  const turn = (by: number) => setShown((now) => (now + by + pictures.length) % pictures.length);
  return (
    <div className={css.gallery} role="group" aria-label={t("gallery.label")}>
      <div className={css.stage}>
        <img src={current} alt={alt(shown)} width={800} height={600} fetchPriority="high" />
        {pictures.length > 1 && (
          <>
            <button type="button" className={css.turn} data-side="left" aria-label={t("gallery.previous")} onClick={() => turn(-1)}><LeftOutlined aria-hidden /></button>
            <button type="button" className={css.turn} data-side="right" aria-label={t("gallery.next")} onClick={() => turn(1)}><RightOutlined aria-hidden /></button>
          </>
        )}
      </div>
      {pictures.length > 1 && (
        <ul className={css.small}>
          {pictures.map((picture, index) => (
            <li key={picture}>
              <button type="button" aria-label={alt(index)} aria-pressed={index === shown} onClick={() => setShown(index)}><img src={picture} alt="" width={80} height={60} loading="lazy" /></button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
