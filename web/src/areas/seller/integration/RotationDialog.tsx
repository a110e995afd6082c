import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Form, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, send, type Page } from "../../../api/client";
import { ConfirmAction } from "../../../ui/ConfirmAction";
import { toast } from "../../../ui/feedback";
import { LinkButton } from "../../../ui/LinkButton";
import { PageError } from "../../../ui/PageError";
import { useProblemText } from "../../../ui/ProblemText";
import { StateTag } from "../../../ui/StateTag";
import { keysPath, type AccessKey, type ProductionAddress } from "../address";
import { pendingKeyPath, pendingKeysPath, type Batch, type Rotation } from "./integration";
import css from "./integration.module.css";

/** Second keys (备用密钥) of an address: bind one beside the key in force, prove it with the saved cases, put it in force. */
export function RotationDialog({ address, onClose, onChanged }: { address: ProductionAddress; onClose: () => void; onChanged: () => Promise<void> }) {
  const { t } = useTranslation("integration");
  const { data, error, refetch } = useQuery({ queryKey: ["list", pendingKeysPath], queryFn: ({ signal }) => get<Page<Rotation>>(pendingKeysPath, undefined, signal), staleTime: 0 });
  const { data: keys, error: keysError, refetch: reloadKeys } = useQuery({ queryKey: ["list", keysPath, "rotation"], queryFn: ({ signal }) => get<Page<AccessKey>>(keysPath, { generation: "v2" }, signal), staleTime: 0 });
  const rotations = data?.items.filter((one) => one.addressId === address.id);
  const changed = async () => { await Promise.all([refetch(), reloadKeys(), onChanged()]); };
  const failure = (data ? null : error) ?? (keys ? null : keysError);
  return (
    <Modal open title={t("rotation.title", { origin: address.origin })} onCancel={onClose} width={720} footer={<Button onClick={onClose}>{t("action.close")}</Button>}>
      <p className={`soft ${css.gap}`}>{t("rotation.hint")}</p>
      {failure && <PageError error={failure} onRetry={() => { void refetch(); void reloadKeys(); }} />}
      {rotations?.length === 0 && <Alert type="info" showIcon title={t("rotation.none")} />}
      {keys && rotations?.map((one) => <OneRotation key={one.category} rotation={one} keys={keys.items} onChanged={changed} />)}
    </Modal>
  );
}

function OneRotation({ rotation, keys, onChanged }: { rotation: Rotation; keys: AccessKey[]; onChanged: () => Promise<void> }) {
  const { t } = useTranslation("integration");
  const text = useProblemText();
  const [busy, setBusy] = useState<"" | "set" | "prove">("");
  const [proof, setProof] = useState<Batch[] | null>(null);
  const path = pendingKeyPath(rotation.addressId, rotation.category);
  const category = t(`sellers:category.${rotation.category}`);
  const usable = keys.filter((key) => key.state === "active" && key.id !== rotation.keyId && (key.category === "" || key.category === rotation.category));
  const provable = rotation.category === "base" && rotation.cases > 0;

  const work = async (kind: "set" | "prove", call: () => Promise<void>) => {
    setBusy(kind);
    try {
      await call();
      await onChanged();
    } catch (failure) {
      toast.error(text(failure));
    } finally {
      setBusy("");
    }
  };
  const choose = (keyId: string) => void work("set", async () => { await send("PUT", path, { keyId }, crypto.randomUUID()); setProof(null); toast.success(t("rotation.bound")); });
  const prove = () => void work("prove", async () => { setProof((await send<Page<Batch>>("POST", `${path}/prove`)).items); });
  const failed = proof?.flatMap((batch) => batch.results.filter((result) => !result.passed)) ?? [];

  return (
    <section className={css.rotation} aria-label={category}>
      <h3>{category}</h3>
      <p>{t("rotation.active", { name: rotation.keyName })}</p>
      {!rotation.pendingId ? (
        usable.length === 0
          ? <Alert type="info" showIcon title={t("rotation.no_keys")} action={<LinkButton size="small" to="/seller/keys">{t("rotation.to_keys")}</LinkButton>} />
          : <Form layout="vertical"><Form.Item label={t("rotation.choose")} htmlFor={`pending-${rotation.category}`} style={{ marginBottom: 0 }}>
              <Select id={`pending-${rotation.category}`} value={null} placeholder={t("rotation.choose_hint")} loading={busy === "set"} disabled={busy !== ""} onChange={choose} options={usable.map((key) => ({ value: key.id, label: key.name }))} />
            </Form.Item></Form>
      ) : (
        <div className={css.stack}>
          <p className={css.counts}>
            {t("rotation.pending", { name: rotation.pendingKey })}
            {provable
              ? <StateTag tone={rotation.ready ? "success" : rotation.failed > 0 ? "danger" : "waiting"} text={t("rotation.proven", { proven: rotation.proven, cases: rotation.cases })} />
              : <span className="faint">{t(rotation.category === "base" ? "rotation.no_cases" : "rotation.unprovable")}</span>}
          </p>
          {failed.length > 0 && <Alert type="error" showIcon role="alert" title={t("rotation.failed")} description={<ul className={css.missing}>{failed.map((one) => <li key={one.caseId}>{one.title}: {one.problem?.text}</li>)}</ul>} />}
          <div className={css.buttons}>
            {provable && <Button type={rotation.ready ? "default" : "primary"} loading={busy === "prove"} disabled={busy !== ""} onClick={prove}>{t("rotation.prove")}</Button>}
            {(rotation.ready || !provable) && (
              <ConfirmAction label={t("rotation.activate")} title={t("rotation.activate_title", { name: rotation.pendingKey })} cost={t(provable ? "rotation.activate_cost" : "rotation.activate_unproven")} danger={!provable}
                button={provable ? { type: "primary" } : {}} run={({ key }) => send("POST", `${path}/activate`, { keyId: rotation.pendingId, confirmed: !provable }, key)} onDone={onChanged} doneText={t("rotation.activated")} />
            )}
            <ConfirmAction label={t("rotation.discard")} title={t("rotation.discard_title", { name: rotation.pendingKey })} cost={t("rotation.discard_cost")}
              run={({ key }) => send("DELETE", path, undefined, key)} onDone={async () => { setProof(null); await onChanged(); }} doneText={t("rotation.discarded")} />
          </div>
        </div>
      )}
    </section>
  );
}
