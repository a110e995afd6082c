/** The interface categories a V2 key signs, in the order of the page. */
export const categories = ["base", "joint", "license", "general"] as const;

export interface Binding {
  addressId: string;
  category: string;
  role: string;
  keyId: string;
  keyName: string;
  boundAt: string;
}

/** What to publish so that the marketplace sees whose the origin is. */
export interface Challenge {
  addressId: string;
  origin: string;
  fileUrl: string;
  /** Empty where the host is an IP address. */
  dnsName: string;
  content: string;
}

/** How the calls to an address differ from the documents. */
export interface Switches {
  /** Of the V2 signature: upper, lower. */
  hexCase: string;
  /** Of changeInstanceCheck: text, object. */
  productInfo: string;
  /** V1 parameters that are not sent. */
  suppress: string[];
  timeoutSeconds: number;
}

export interface ProductionAddress {
  id: string;
  origin: string;
  state: string;
  generations: string[];
  development: boolean;
  acceptUnsigned: boolean;
  method: string;
  verifiedAt?: string;
  checkedAt?: string;
  checkText: string;
  createdAt: string;
  uses: number;
  bindings: Binding[];
  switches: Switches;
  challenge?: Challenge;
}

export interface AccessKey {
  id: string;
  generation: "v1" | "v2";
  name: string;
  category: string;
  state: string;
  bindings: number;
  createdAt: string;
  disabledAt?: string;
}

/** AK/SK with which the seller's programs sign calls of the open API. */
export interface OpenApiKey {
  id: string;
  accessKey: string;
  name: string;
  state: string;
  createdAt: string;
  usedAt?: string;
  disabledAt?: string;
  /** In the answer that made it only. */
  secretKey?: string;
}

export const addressesPath = "/api/v1/seller/addresses";
export const keysPath = "/api/v1/seller/keys";
export const openApiKeysPath = "/api/v1/seller/access-keys";
