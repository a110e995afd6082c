import { EyeInvisibleOutlined, EyeOutlined } from "@ant-design/icons";
import { Button, Tooltip } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../api/problem";
import { CopyButton } from "./CopyText";
import css from "./CopyText.module.css";
import { ProblemText } from "./ProblemText";

const hideAfter = 60_000;

interface Props {
  /** What is hidden, for the screen reader: "Initial password". */
  label: string;
  /** Asks the server for the secret; the server writes the audit line. */
  reveal: () => Promise<string>;
}

/** A secret that stays with the server until asked for, is hidden again after a minute, and whose reveal is logged. */
export function SecretText({ label, reveal }: Props) {
  const { t } = useTranslation();
  const [secret, setSecret] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  useEffect(() => {
    if (secret === null) return;
    const timer = setTimeout(() => setSecret(null), hideAfter);
    return () => clearTimeout(timer);
  }, [secret]);

  const show = async () => {
    setBusy(true);
    setProblem(null);
    try {
      setSecret(await reveal());
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <span>
      <span className={css.copy}>
        {secret === null
          ? <span className={css.masked} aria-label={t("secret.hidden", { label })} role="img">••••••••</span>
          : <span className="mono">{secret}</span>}
        <Tooltip title={secret === null ? t("secret.reveal_logged") : t("secret.hide")}>
          <Button size="small" type="text" loading={busy} icon={secret === null ? <EyeOutlined /> : <EyeInvisibleOutlined />}
            aria-label={t(secret === null ? "secret.reveal" : "secret.hide_named", { label })}
            onClick={() => (secret === null ? void show() : setSecret(null))} />
        </Tooltip>
        {secret !== null && <CopyButton text={secret} />}
      </span>
      {problem !== null && <ProblemText error={problem} />}
    </span>
  );
}
