import { loadTexts } from "../../i18n";

/** Route loader of the pages about sellers, which stand in two areas and share one file of texts. */
export const sellersTexts = async (): Promise<null> => {
  await loadTexts("sellers");
  return null;
};

/** Route loader of the sandbox's page. */
export const sandboxTexts = async (): Promise<null> => {
  await loadTexts("sandbox");
  return null;
};

/** The sandbox's texts beside those of another loader. */
export const withSandbox = (other: () => Promise<null>) => async (): Promise<null> => {
  await Promise.all([other(), sandboxTexts()]);
  return null;
};
