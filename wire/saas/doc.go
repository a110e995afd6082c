// Package saas holds the codecs of the SaaS production interface (SaaS类商品生产接口): every call that a marketplace sends
// to a seller's server, in both protocol generations. It implements saas.md §2–7, §9 and §11.4.
//
// # What it owns
//
//   - V1: the query string and its authToken (AuthToken, BuildV1, VerifyV1), the response signature Body-Sign
//     (SignBody, VerifyBodySign), field encryption (EncryptField, DecryptField, DeriveKey) and saasExtendParams.
//   - V2: the canonical body (CanonicalBody), its signature (SignV2, BuildV2, VerifyV2).
//   - The signatures of the kit calls (KitAuthToken, KitSign).
//   - One request struct per activity (NewInstanceV1 … ChangeInstanceCheckV2) with its parameter table (Fields).
//   - Answers: Answer and its encoding, DecodeAnswer, and CheckAnswer, which judges a received answer in the documented
//     order and names the first fault.
//   - The result codes (返回码) with their meaning in Chinese and English (ResultCodes).
//
// # What it refuses
//
// It opens no connection, reads no clock and draws no random number: time, nonce and IV are arguments. It keeps no state,
// so everything here may be used by several goroutines at once. Keys are the UTF-8 text that the seller reads on the
// page; they are never hex-decoded.
//
// # Who calls it
//
// The marketplace's caller builds calls and checks answers; package isv verifies calls and encodes answers.
package saas
