import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Modal } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { toast } from "../../ui/feedback";
import { CopyText } from "../../ui/CopyText";
import { PageError } from "../../ui/PageError";
import { useProblemText } from "../../ui/ProblemText";
import { StateTag } from "../../ui/StateTag";
import { addressesPath, type ProductionAddress } from "./address";
import css from "./seller.module.css";

/** Explains the three ways of proving whose an origin is and looks for the proof at once. */
export function VerifyDialog({ addressId, onClose, onChanged }: { addressId: string; onClose: () => void; onChanged: () => Promise<void> }) {
  const { t } = useTranslation("sellers");
  const text = useProblemText();
  const path = `${addressesPath}/${addressId}`;
  const [busy, setBusy] = useState("");
  const { data: address, error, refetch } = useQuery({ queryKey: ["seller-address", addressId], queryFn: ({ signal }) => get<ProductionAddress>(path, undefined, signal), staleTime: 0 });

  const verify = async (method: string) => {
    setBusy(method);
    try {
      const result = await send<ProductionAddress>("POST", `${path}/verify`, { method });
      await Promise.all([refetch(), onChanged()]);
      if (!result.checkText) { toast.success(t("verify.proven")); onClose(); }
    } catch (failure) {
      toast.error(text(failure));
    } finally {
      setBusy("");
    }
  };

  return (
    <Modal open title={address ? t("verify.title", { origin: address.origin }) : t("verify.loading")} onCancel={onClose} width={720} footer={<Button onClick={onClose}>{t("verify.close")}</Button>}>
      {error && !address && <PageError error={error} onRetry={() => void refetch()} />}
      {address?.challenge && (
        <div className={css.methods}>
          <StateTag kind="address" state={address.state} />
          {address.checkText && <Alert type="warning" showIcon role="status" title={t("verify.failed")} description={address.checkText} />}
          <Method title={t("verify.file")} hint={t("verify.file_hint")} button={t("verify.check_file")} busy={busy === "file"} disabled={busy !== ""} onCheck={() => void verify("file")}
            facts={[[t("verify.file_url"), address.challenge.fileUrl], [t("verify.content"), address.challenge.content]]} />
          {address.challenge.dnsName
            ? <Method title={t("verify.dns")} hint={t("verify.dns_hint")} button={t("verify.check_dns")} busy={busy === "dns"} disabled={busy !== ""} onCheck={() => void verify("dns")}
                facts={[[t("verify.record"), address.challenge.dnsName], [t("verify.value"), address.challenge.content]]} />
            : <p className="faint">{t("verify.no_dns")}</p>}
          <section className={css.method}><h3>{t("verify.operator")}</h3><p className="soft">{t("verify.operator_hint")}</p></section>
        </div>
      )}
    </Modal>
  );
}

function Method({ title, hint, facts, button, busy, disabled, onCheck }: {
  title: string; hint: string; facts: [string, string][]; button: ReactNode; busy: boolean; disabled: boolean; onCheck: () => void;
}) {
  return (
    <section className={css.method}>
      <h3>{title}</h3>
      <p className={css.hint}>{hint}</p>
      <dl>{facts.map(([label, value]) => <div key={label} style={{ display: "contents" }}><dt>{label}</dt><dd><CopyText text={value} /></dd></div>)}</dl>
      <Button style={{ marginTop: 8 }} loading={busy} disabled={disabled && !busy} onClick={onCheck}>{button}</Button>
    </section>
  );
}
