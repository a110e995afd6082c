import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker } from "react-router";
import { ask } from "../feedback";

/** Asks before unsaved changes are lost, inside the application and on closing the tab. `unsaved` is read at that moment. */
export function useLeaveGuard(unsaved: () => boolean): void {
  const { t } = useTranslation();
  const blocker = useBlocker(({ currentLocation, nextLocation }) => unsaved() && currentLocation.pathname !== nextLocation.pathname);

  // The blocker is another object on every render; the question is asked once per blocked navigation.
  const latest = useRef(blocker);
  latest.current = blocker;
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    void ask({ title: t("form.leave_title"), text: t("form.leave_text"), ok: t("form.leave"), cancel: t("form.stay"), danger: true })
      .then((leave) => (leave ? latest.current.proceed?.() : latest.current.reset?.()));
  }, [blocker.state, t]);

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => { if (unsaved()) event.preventDefault(); };
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [unsaved]);
}
