import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { useSubmitKey } from "../../api/idempotency";
import { toast } from "../../ui/feedback";
import { useProblemText } from "../../ui/ProblemText";
import { Dialog } from "./Dialog";

/** Empties the cart after asking; the storefront's own dialog keeps the page light. */
export function ClearCart({ count, onDone }: { count: number; onDone: () => Promise<unknown> }) {
  const { t } = useTranslation("cart");
  const text = useProblemText();
  const key = useSubmitKey();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const clear = async () => {
    setBusy(true);
    try {
      await send("DELETE", "/api/v1/cart", undefined, key.keyFor({}));
      key.done();
      setOpen(false);
      await onDone();
    } catch (error) {
      toast.error(text(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button type="text" danger onClick={() => setOpen(true)}>{t("clear")}</Button>
      <Dialog open={open} title={t("clear_title")} onClose={() => setOpen(false)}
        footer={<><Button onClick={() => setOpen(false)}>{t("common:action.cancel")}</Button><Button type="primary" danger loading={busy} onClick={() => void clear()}>{t("clear")}</Button></>}>
        <p>{t("clear_cost", { count })}</p>
      </Dialog>
    </>
  );
}
