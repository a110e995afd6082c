import { useState } from "react";
import { placed } from "../api/realm";
import { transport } from "../api/transport";
import { toast } from "./feedback";
import { useProblemText } from "./ProblemText";
import { saveFile } from "./table/csv";

/** Saves what an address of the API answers as a file. It is fetched, so that a refusal is told and the language is the one shown. */
export function useDownload(): { busy: boolean; save: (path: string, name: string, headers?: HeadersInit) => Promise<void> } {
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const save = async (path: string, name: string, headers?: HeadersInit) => {
    setBusy(true);
    try {
      const response = await transport(new Request(location.origin + placed(path), headers ? { headers } : {}));
      saveFile(name, await response.blob());
    } catch (error) {
      toast.error(problemText(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, save };
}
