import { Alert, Form, Input, Segmented, Select } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "../../../ui/LinkButton";
import type { ProductionAddress } from "../address";
import { generations, type Generation, type Target } from "./integration";
import css from "./integration.module.css";
import { moveTarget } from "./target";

/** Which server is debugged: generation, verified address, path. A changed path counts once the field is left. */
export function TargetForm({ addresses, target, onChange, disabled }: { addresses: ProductionAddress[]; target: Target; onChange: (target: Target) => void; disabled: boolean }) {
  const { t } = useTranslation("integration");
  const [path, setPath] = useState(target.path);
  useEffect(() => setPath(target.path), [target.path]);
  const address = addresses.find((one) => one.id === target.addressId);
  const commit = () => { if (path !== target.path) onChange({ ...target, path }); };
  const unbound = address && target.generation === "v2" && !address.bindings.some((one) => one.category === "base" && one.role === "active");
  return (
    <Form layout="vertical" disabled={disabled} onSubmitCapture={commit}>
      <div className={css.target}>
        <Form.Item label={t("target.generation")}>
          <Segmented<Generation> disabled={disabled} value={target.generation} aria-label={t("target.generation")} onChange={(generation) => onChange({ ...target, generation })}
            options={generations.map((value) => ({ value, label: value.toUpperCase(), disabled: address ? !address.generations.includes(value) : false }))} />
        </Form.Item>
        <Form.Item label={t("target.address")} htmlFor="debug-address">
          <Select id="debug-address" value={target.addressId || null} placeholder={t("target.choose")} onChange={(addressId: string) => onChange(moveTarget(target, addresses, addressId))}
            options={addresses.map((one) => ({ value: one.id, disabled: one.state !== "verified", label: one.state === "verified" ? one.origin : `${one.origin} · ${t(`state.address.${one.state}`)}` }))} />
        </Form.Item>
        <Form.Item label={t("target.path")} htmlFor="debug-path" extra={address && <span className={css.where}>{t("target.called", { url: address.origin + path })}</span>}>
          <Input id="debug-path" className="mono" value={path} maxLength={200} autoComplete="off" spellCheck={false} placeholder="/produce" onChange={(event) => setPath(event.target.value.trim())} onBlur={commit} onPressEnter={commit} />
        </Form.Item>
      </div>
      {unbound && <Alert type="warning" showIcon title={t("target.unbound")} description={t("target.unbound_hint")} action={<LinkButton size="small" to="/seller/addresses">{t("target.bind")}</LinkButton>} />}
    </Form>
  );
}
