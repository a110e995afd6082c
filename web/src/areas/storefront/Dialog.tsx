import { CloseOutlined } from "@ant-design/icons";
import { useEffect, useId, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/IconButton";
import css from "./Dialog.module.css";

interface Props {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  /** Comes up from the lower edge, for phones. */
  sheet?: boolean;
}

/** A modal dialog of the browser's own: focus stays inside, Escape and the backdrop close it. Light enough for the storefront. */
export function Dialog({ open, title, onClose, children, footer, sheet = false }: Props) {
  const { t } = useTranslation();
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return (
    <dialog ref={ref} className={`${css.dialog} ${sheet ? css.sheet : ""}`} aria-labelledby={id} onClose={onClose}
      onClick={(event) => { if (event.target === ref.current) onClose(); }}>
      {open && (
        <div className={css.body}>
          <div className={css.head}>
            <h2 id={id}>{title}</h2>
            <IconButton label={t("action.close")} onClick={onClose}><CloseOutlined aria-hidden /></IconButton>
          </div>
          <div className={css.content} tabIndex={0} role="group" aria-labelledby={id}>{children}</div>
          {footer && <div className={css.footer}>{footer}</div>}
        </div>
      )}
    </dialog>
  );
}
