import { Alert, Button, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { useSession } from "../../api/session";
import { CopyButton } from "../../ui/CopyText";
import css from "./SecondFactor.module.css";

/** Shows recovery codes the one time they are told. It closes only by saying that they are kept. */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const { t } = useTranslation("factor");
  const { site, session } = useSession();
  const text = codes.join("\n");
  const download = () => {
    const url = URL.createObjectURL(new Blob([`${site.name} · ${session?.user?.email ?? ""}\n${t("codes")}\n\n${text}\n`], { type: "text/plain" }));
    const link = Object.assign(document.createElement("a"), { href: url, download: t("file") });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return (
    <Modal open title={t("codes")} closable={false} keyboard={false} mask={{ closable: false }} footer={<Button type="primary" onClick={onKept}>{t("kept")}</Button>}>
      <div className={css.stack}>
        <Alert type="warning" showIcon title={t("codes_text")} />
        <ol className={css.codes} aria-label={t("codes")}>{codes.map((code) => <li key={code} className="mono">{code}</li>)}</ol>
        <div className={css.row}>
          <CopyButton text={text} label={t("copy")} />
          <Button size="small" onClick={download}>{t("download")}</Button>
        </div>
      </div>
    </Modal>
  );
}
