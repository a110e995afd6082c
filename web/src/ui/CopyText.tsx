import { CheckOutlined, CopyOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "./copy";
import css from "./CopyText.module.css";

/** A button that copies `text` and says so. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<"" | "copied" | "refused">("");
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(""), 2000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = () => copyText(text).then(() => setOutcome("copied"), () => setOutcome("refused"));
  const hint = outcome ? t(`copy.${outcome}`) : (label ?? t("copy.action"));
  return (
    <Tooltip title={hint}>
      <Button size="small" type={label ? "default" : "text"} aria-label={hint} onClick={() => void copy()}
        icon={outcome === "copied" ? <CheckOutlined /> : <CopyOutlined />}>{label}</Button>
    </Tooltip>
  );
}

interface Props {
  text: string | null | undefined;
  /** Shown instead of the text, which is copied all the same. */
  display?: string;
  /** Ids and keys stand in the monospace face; pass false for names and addresses. */
  mono?: boolean;
}

/** A text with its copy button. */
export function CopyText({ text, display, mono = true }: Props) {
  if (!text) return <span className="faint">–</span>;
  return <span className={css.copy}><span className={mono ? "mono" : undefined}>{display ?? text}</span><CopyButton text={text} /></span>;
}
