package saas_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"testing"

	"jishi/wire/saas"
)

// TestVector13_8: OAEP is randomised, so what is tested is the length and that the options
// named by the specification, and no others, decrypt it.
func TestVector13_8(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	uploads := map[string]string{
		"bare": base64.StdEncoding.EncodeToString(der),
		"PEM":  string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})),
	}
	for name, text := range uploads {
		public, err := saas.ParsePublicKey(text)
		if err != nil || !public.Equal(&key.PublicKey) {
			t.Fatal(name, err)
		}
	}
	sealed, err := saas.EncryptSecret(rand.Reader, &key.PublicKey, saas.OAEPJava, "s3cret-密")
	if err != nil || len(sealed) != 512 {
		t.Fatalf("%d characters, %v", len(sealed), err)
	}
	b, _ := base64.StdEncoding.DecodeString(sealed)
	plain, err := key.Decrypt(nil, b, &rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA1})
	if err != nil || string(plain) != "s3cret-密" {
		t.Errorf("%q, %v", plain, err)
	}
	for _, p := range []saas.SecretPadding{saas.OAEPJava, saas.OAEPSHA256, saas.OAEPSHA1} {
		sealed, err := saas.EncryptSecret(rand.Reader, &key.PublicKey, p, "secret")
		if err != nil {
			t.Fatal(p, err)
		}
		for _, other := range []saas.SecretPadding{saas.OAEPJava, saas.OAEPSHA256, saas.OAEPSHA1} {
			if got, err := saas.DecryptSecret(key, other, sealed); (err == nil && got == "secret") != (p == other) {
				t.Errorf("%s read as %s: %q, %v", p, other, got, err)
			}
		}
	}
}

func TestPublicKeysThatAreRefused(t *testing.T) {
	short, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&short.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"empty": "", "noise": "not a key", "2048 bits": base64.StdEncoding.EncodeToString(der)} {
		if _, err := saas.ParsePublicKey(text); err == nil {
			t.Error(name, "was taken")
		}
	}
	if _, err := saas.EncryptSecret(rand.Reader, &short.PublicKey, "none", "x"); err == nil {
		t.Error("an unknown padding was taken")
	}
}
