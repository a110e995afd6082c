import { SearchOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState, type FormEvent, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { suggestQuery } from "../areas/storefront/catalogue";
import { Marked } from "../areas/storefront/Marked";
import css from "./SearchBox.module.css";

/**
 * The search field. The words stand in the URL as `q`; while typing, up to ten products are offered, which
 * arrow keys reach and Enter opens.
 */
export function SearchBox({ large = false }: { large?: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const shown = params.get("q") ?? "";
  const [words, setWords] = useState(shown);
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => setWords(shown), [shown]);
  useEffect(() => {
    const timer = setTimeout(() => setTyped(open ? words.trim() : ""), 150);
    return () => clearTimeout(timer);
  }, [words, open]);
  const { data } = useQuery(suggestQuery(typed));
  const offers = open && words.trim() && typed ? data?.items ?? [] : [];
  const expanded = offers.length > 0;

  const leave = () => { setOpen(false); setActive(-1); field.current?.blur(); };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const chosen = offers[active];
    const wanted = words.trim();
    if (!chosen && !wanted) return;
    leave();
    void navigate(chosen ? `/products/${chosen.id}` : `/search?q=${encodeURIComponent(wanted)}`);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && expanded) {
      event.preventDefault(); // the browser would empty the field
      setOpen(false);
      setActive(-1);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && expanded) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((now) => (now + step + 1 + offers.length + 1) % (offers.length + 1) - 1);
    }
  };
  return (
    <form role="search" className={css.search} data-large={large} onSubmit={submit} aria-label={t("search.label")}
      onBlur={(event) => { if (!event.currentTarget.contains(event.relatedTarget)) { setOpen(false); setActive(-1); } }}>
      <input ref={field} type="search" name="q" value={words} maxLength={100} placeholder={t("search.placeholder")} aria-label={t("search.label")} autoComplete="off" enterKeyHint="search"
        role="combobox" aria-expanded={expanded} aria-controls={`${id}-list`} aria-autocomplete="list" aria-activedescendant={active >= 0 && offers[active] ? `${id}-${active}` : undefined}
        onChange={(event) => { setWords(event.target.value); setOpen(true); setActive(-1); }} onKeyDown={onKey} />
      <button type="submit" aria-label={t("search.submit")}><SearchOutlined aria-hidden /></button>
      <ul id={`${id}-list`} role="listbox" aria-label={t("search.offers")} className={css.offers} hidden={!expanded}>
        {offers.map((offer, index) => (
          <li key={offer.id} id={`${id}-${index}`} role="option" aria-selected={index === active}
            // Pressing must not take the focus from the field first.
            onMouseDown={(event) => event.preventDefault()} onClick={() => { leave(); void navigate(`/products/${offer.id}`); }} onMouseEnter={() => setActive(index)}>
            <span><Marked html={offer.nameHtml} fallback={offer.name} /></span>
          </li>
        ))}
      </ul>
    </form>
  );
}
