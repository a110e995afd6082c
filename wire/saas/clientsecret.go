package saas

import (
	"crypto"
	"crypto/rsa"
	_ "crypto/sha1" // the mask function that Java means, and the older variant
	_ "crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
)

// SecretPadding is how RSA-OAEP pads the clientSecret (应用密钥) of the kit call applicationSync (saas.md §4.3). The
// documents do not name it: a seller whose server cannot decrypt one chooses another.
type SecretPadding string

// The paddings. Java reads "OAEPWithSHA-256AndMGF1Padding" as SHA-256 with a mask function over SHA-1; that is the default.
const (
	OAEPJava   SecretPadding = "sha256-mgf1sha1"
	OAEPSHA256 SecretPadding = "sha256-mgf1sha256"
	OAEPSHA1   SecretPadding = "sha1-mgf1sha1"
)

func (p SecretPadding) options() (*rsa.OAEPOptions, error) {
	switch p {
	case OAEPJava, "":
		return &rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA1}, nil
	case OAEPSHA256:
		return &rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA256}, nil
	case OAEPSHA1:
		return &rsa.OAEPOptions{Hash: crypto.SHA1, MGFHash: crypto.SHA1}, nil
	}
	return nil, fmt.Errorf("saas: no secret padding %q", p)
}

// minPublicKey is the shortest RSA key that a seller may upload, in bits (saas.md §2).
const minPublicKey = 3072

// ParsePublicKey reads the seller's public key as it is uploaded: PEM with or without its header and footer lines.
// Keys shorter than 3072 bits are refused.
func ParsePublicKey(text string) (*rsa.PublicKey, error) {
	var der strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); !strings.HasPrefix(line, "-----") {
			der.WriteString(line)
		}
	}
	b, err := base64.StdEncoding.DecodeString(der.String())
	if err != nil {
		return nil, fmt.Errorf("saas: the public key is no Base64: %w", err)
	}
	any, err := x509.ParsePKIXPublicKey(b)
	if err != nil {
		return nil, fmt.Errorf("saas: the public key cannot be read: %w", err)
	}
	key, ok := any.(*rsa.PublicKey)
	switch {
	case !ok:
		return nil, errors.New("saas: the public key is not RSA")
	case key.N.BitLen() < minPublicKey:
		return nil, fmt.Errorf("saas: the public key has %d bits, at least %d are needed", key.N.BitLen(), minPublicKey)
	}
	return key, nil
}

// EncryptSecret encrypts a clientSecret for the seller, as Base64 of the ciphertext. OAEP is randomised: random is a
// cryptographic source.
func EncryptSecret(random io.Reader, key *rsa.PublicKey, p SecretPadding, plain string) (string, error) {
	o, err := p.options()
	if err != nil {
		return "", err
	}
	b, err := rsa.EncryptOAEPWithOptions(random, key, []byte(plain), o)
	return base64.StdEncoding.EncodeToString(b), err
}

// DecryptSecret is the seller's side of EncryptSecret.
func DecryptSecret(key *rsa.PrivateKey, p SecretPadding, sealed string) (string, error) {
	o, err := p.options()
	if err != nil {
		return "", err
	}
	b, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return "", err
	}
	plain, err := key.Decrypt(nil, b, o)
	return string(plain), err
}
