import { message, Modal } from "antd";
import { useEffect, useState } from "react";
import { setHost } from "./feedback";
import { PasswordPrompt } from "./PasswordPrompt";

/** Draws toasts and questions inside the theme. Loaded by FeedbackSlot on first use. */
export function FeedbackHost() {
  const [messages, messageHolder] = message.useMessage();
  const [modals, modalHolder] = Modal.useModal();
  const [prompt, setPrompt] = useState<{ done: (right: boolean) => void } | null>(null);
  useEffect(() => {
    setHost({
      toast: (kind, text) => void messages.open({ type: kind, content: text, duration: kind === "success" ? 3 : 6 }),
      ask: (question) => new Promise((resolve) => void modals.confirm({
        title: question.title, content: question.text, okText: question.ok, cancelText: question.cancel,
        okButtonProps: { danger: question.danger ?? false }, onOk: () => resolve(true), onCancel: () => resolve(false),
      })),
      askPassword: () => new Promise((resolve) => setPrompt({ done: (right) => { setPrompt(null); resolve(right); } })),
    });
    return () => setHost(null);
  }, [messages, modals]);
  return <>{messageHolder}{modalHolder}{prompt && <PasswordPrompt onDone={prompt.done} />}</>;
}
