import { App } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker } from "react-router";

/** Asks before unsaved changes are lost, inside the application and on closing the tab. `unsaved` is read at that moment. */
export function useLeaveGuard(unsaved: () => boolean): void {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const blocker = useBlocker(({ currentLocation, nextLocation }) => unsaved() && currentLocation.pathname !== nextLocation.pathname);

  useEffect(() => {
    if (blocker.state !== "blocked") return;
    void modal.confirm({
      title: t("form.leave_title"),
      content: t("form.leave_text"),
      okText: t("form.leave"),
      okButtonProps: { danger: true },
      cancelText: t("form.stay"),
      onOk: () => blocker.proceed(),
      onCancel: () => blocker.reset(),
    });
  }, [blocker, modal, t]);

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => { if (unsaved()) event.preventDefault(); };
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [unsaved]);
}
