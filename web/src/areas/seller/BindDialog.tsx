import { useQuery } from "@tanstack/react-query";
import { Alert, Form, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, send, type Page } from "../../api/client";
import { asProblem } from "../../api/problem";
import { ask, toast } from "../../ui/feedback";
import { LinkButton } from "../../ui/LinkButton";
import { PageError } from "../../ui/PageError";
import { useProblemText } from "../../ui/ProblemText";
import { addressesPath, categories, keysPath, type AccessKey, type ProductionAddress } from "./address";
import css from "./seller.module.css";

/** Which V2 key signs which category of calls to an address. Each choice takes effect at once. */
export function BindDialog({ address: first, onClose, onChanged }: { address: ProductionAddress; onClose: () => void; onChanged: () => Promise<void> }) {
  const { t } = useTranslation("sellers");
  const text = useProblemText();
  const [address, setAddress] = useState(first);
  const [busy, setBusy] = useState("");
  const { data: keys, error, refetch } = useQuery({ queryKey: ["list", keysPath, "bind"], queryFn: ({ signal }) => get<Page<AccessKey>>(keysPath, { generation: "v2" }, signal), staleTime: 0 });
  const usable = (keys?.items ?? []).filter((key) => key.state === "active");
  const bound = (category: string) => address.bindings.find((one) => one.category === category && one.role === "active")?.keyId ?? "";

  const bind = async (category: string, keyId: string, confirmed = false): Promise<void> => {
    setBusy(category);
    try {
      setAddress(await send<ProductionAddress>("PUT", `${addressesPath}/${address.id}/keys/${category}`, { keyId, confirmed }, crypto.randomUUID()));
      toast.success(t("bind.saved"));
      await Promise.all([onChanged(), refetch()]);
    } catch (failure) {
      const problem = asProblem(failure);
      if (problem.code !== "seller.binding_in_use") return toast.error(text(problem));
      const sure = await ask({ title: t("bind.confirm_title"), text: problem.detail, ok: t("bind.confirm"), cancel: t("action.cancel"), danger: true });
      if (sure) return bind(category, keyId, true);
    } finally {
      setBusy("");
    }
  };

  return (
    <Modal open title={t("bind.title", { origin: address.origin })} onCancel={onClose} footer={null} width={640}>
      {error && !keys && <PageError error={error} onRetry={() => void refetch()} />}
      <div className={css.stack}>
        <p className="soft">{t("bind.hint")}</p>
        {address.uses > 0 && <Alert type="warning" showIcon title={t("bind.in_use", { count: address.uses })} description={t("bind.in_use_hint")} />}
        {keys && usable.length === 0 && <Alert type="info" showIcon title={t("bind.no_keys")} action={<LinkButton to="/seller/keys">{t("bind.to_keys")}</LinkButton>} />}
        <Form layout="vertical">
          {categories.map((category) => (
            <Form.Item key={category} label={t(`category.${category}`)} extra={t(`category.${category}_hint`)} htmlFor={`bind-${category}`}>
              <Select id={`bind-${category}`} value={bound(category)} loading={busy === category} disabled={busy !== "" || usable.length === 0} onChange={(keyId) => void bind(category, keyId)}
                options={[{ value: "", label: t("bind.none") }, ...usable.map((key) => ({
                  value: key.id, disabled: key.category !== "" && key.category !== category,
                  label: key.category && key.category !== category ? t("bind.taken", { name: key.name, category: t(`category.${key.category}`) }) : key.name,
                }))]} />
            </Form.Item>
          ))}
        </Form>
      </div>
    </Modal>
  );
}
