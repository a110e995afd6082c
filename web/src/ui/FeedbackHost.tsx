import { message, Modal } from "antd";
import { useEffect, useState } from "react";
import { CodePrompt } from "./CodePrompt";
import { setHost } from "./feedback";
import { PasswordPrompt } from "./PasswordPrompt";

/** Draws toasts and questions inside the theme. Loaded by FeedbackSlot on first use. */
export function FeedbackHost() {
  const [messages, messageHolder] = message.useMessage();
  const [modals, modalHolder] = Modal.useModal();
  const [prompt, setPrompt] = useState<{ kind: "password" | "code"; done: (right: boolean) => void } | null>(null);
  useEffect(() => {
    const asked = (kind: "password" | "code") => () => new Promise<boolean>((resolve) => setPrompt({ kind, done: (right) => { setPrompt(null); resolve(right); } }));
    setHost({
      toast: (kind, text) => void messages.open({ type: kind, content: text, duration: kind === "success" ? 3 : 6 }),
      ask: (question) => new Promise((resolve) => void modals.confirm({
        title: question.title, content: question.text, okText: question.ok, cancelText: question.cancel,
        okButtonProps: { danger: question.danger ?? false }, onOk: () => resolve(true), onCancel: () => resolve(false),
      })),
      askPassword: asked("password"),
      askCode: asked("code"),
    });
    return () => setHost(null);
  }, [messages, modals]);
  return <>{messageHolder}{modalHolder}{prompt?.kind === "password" && <PasswordPrompt onDone={prompt.done} />}{prompt?.kind === "code" && <CodePrompt onDone={prompt.done} />}</>;
}
