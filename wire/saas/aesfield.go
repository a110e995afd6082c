package saas

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"unicode/utf8"
)

// EncryptType names the algorithm of encrypted fields, the answer member encryptType (saas.md §4).
type EncryptType string

// The two algorithms. An answer without encryptType means AES256.
const (
	AES256 EncryptType = "1" // AES256_CBC_PKCS5Padding
	AES128 EncryptType = "2" // AES128_CBC_PKCS5Padding
)

// IVSize is the number of ASCII characters of an initialisation vector; its text stands before the ciphertext.
const IVSize = 16

// MaxEncryptedField is the longest text that userName and password may have, IV included. A plaintext of up to 79 bytes
// of UTF-8 fits.
const MaxEncryptedField = 128

// ErrDecrypt says that a field is not a text encrypted with this key and algorithm.
var ErrDecrypt = errors.New("field cannot be decrypted")

func (t EncryptType) keySize() (int, error) {
	switch t {
	case "", AES256:
		return 32, nil
	case AES128:
		return 16, nil
	}
	return 0, fmt.Errorf("unknown encryptType %q", string(t))
}

// EncryptField encrypts a user name, password, mobile number or e-mail address: AES-CBC with PKCS#5 padding under
// DeriveKey(key), written as the IV's text followed by Base64. iv must be 16 ASCII letters or digits, drawn anew by the
// caller for each field.
func EncryptField(key string, t EncryptType, iv, plain string) (string, error) {
	size, err := t.keySize()
	if err != nil {
		return "", err
	}
	if !validIV(iv) {
		return "", fmt.Errorf("the IV must be %d ASCII letters or digits", IVSize)
	}
	block, err := aes.NewCipher(DeriveKey(key, size))
	if err != nil {
		return "", err
	}
	padding := aes.BlockSize - len(plain)%aes.BlockSize
	data := append([]byte(plain), bytes.Repeat([]byte{byte(padding)}, padding)...)
	cipher.NewCBCEncrypter(block, []byte(iv)).CryptBlocks(data, data)
	return iv + base64.StdEncoding.EncodeToString(data), nil
}

// DecryptField reverses EncryptField. The error is ErrDecrypt, or names an unknown encryptType. CBC without a signature
// proves nothing about the sender; in V1 the Body-Sign around it does.
func DecryptField(key string, t EncryptType, text string) (string, error) {
	size, err := t.keySize()
	if err != nil {
		return "", err
	}
	if len(text) <= IVSize {
		return "", ErrDecrypt
	}
	data, err := base64.StdEncoding.DecodeString(text[IVSize:])
	if err != nil || len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return "", ErrDecrypt
	}
	block, err := aes.NewCipher(DeriveKey(key, size))
	if err != nil {
		return "", err
	}
	cipher.NewCBCDecrypter(block, []byte(text[:IVSize])).CryptBlocks(data, data)
	padding := int(data[len(data)-1])
	if padding == 0 || padding > aes.BlockSize {
		return "", ErrDecrypt
	}
	for _, b := range data[len(data)-padding:] {
		if int(b) != padding {
			return "", ErrDecrypt
		}
	}
	plain := data[:len(data)-padding]
	if !utf8.Valid(plain) {
		return "", ErrDecrypt
	}
	return string(plain), nil
}

func validIV(iv string) bool {
	if len(iv) != IVSize {
		return false
	}
	for _, c := range []byte(iv) {
		if !('0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z') {
			return false
		}
	}
	return true
}
