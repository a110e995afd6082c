package isv

import (
	"fmt"
	"io"

	"jishi/wire/saas"
)

const ivAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// seal returns the access data as they travel and the encryptType to name: encrypted in V1, plain in V2.
func (h *Handler) seal(g saas.Generation, access *saas.AppInfo) (*saas.AppInfo, string, error) {
	if access == nil || g != saas.V1 {
		return access, "", nil
	}
	kind := h.Encryption
	if kind == "" {
		kind = saas.AES256
	}
	out, named := *access, ""
	for _, f := range []struct {
		name  string
		value *string
	}{{"userName", &out.UserName}, {"password", &out.Password}} {
		if *f.value == "" {
			continue
		}
		iv, err := h.iv()
		if err != nil {
			return nil, "", err
		}
		if *f.value, err = saas.EncryptField(h.V1Key, kind, iv, *f.value); err != nil {
			return nil, "", err
		}
		if len(*f.value) > saas.MaxEncryptedField {
			return nil, "", fmt.Errorf("%s is longer than 79 bytes, marketplaces would not show it", f.name)
		}
		named = string(kind)
	}
	return &out, named, nil
}

// iv draws an initialisation vector. Bytes beyond the last whole multiple of the alphabet are drawn again, so every
// character is equally likely.
func (h *Handler) iv() (string, error) {
	iv := make([]byte, 0, saas.IVSize)
	buffer := make([]byte, saas.IVSize)
	for len(iv) < saas.IVSize {
		if _, err := io.ReadFull(h.random(), buffer); err != nil {
			return "", fmt.Errorf("random bytes: %w", err)
		}
		for _, b := range buffer {
			if limit := 256 - 256%len(ivAlphabet); int(b) < limit && len(iv) < saas.IVSize {
				iv = append(iv, ivAlphabet[int(b)%len(ivAlphabet)])
			}
		}
	}
	return string(iv), nil
}
