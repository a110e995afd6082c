package isvapp

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// keys are the application's own secrets, in a file beside the database with mode 0600.
type keys struct {
	Secret        []byte `json:"secret"` // 32 bytes
	AdminPassword string `json:"adminPassword"`
}

func loadKeys(folder string) (keys, error) {
	name := filepath.Join(folder, "keys.json")
	var k keys
	data, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		k = keys{Secret: make([]byte, 32), AdminPassword: newPassword()}
		_, _ = rand.Read(k.Secret) // never fails
		return k, writeDurably(name, k)
	case err != nil:
		return k, err
	}
	if err := json.Unmarshal(data, &k); err != nil || len(k.Secret) != 32 {
		return k, fmt.Errorf("%s is damaged", name)
	}
	return k, nil
}

// writeDurably writes the file under another name, flushes it and renames it, so that a crash leaves a whole file or none.
func writeDurably(name string, k keys) error {
	data, err := json.Marshal(k)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(name+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// seal encrypts an initial password for the database. It must stay readable, because queryInstance and a repeated
// newInstance have to answer it; a copy of the database alone does not reveal it.
func (k keys) seal(plain, instanceID string) []byte {
	aead := k.aead()
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce)
	return aead.Seal(nonce, nonce, []byte(plain), []byte(instanceID))
}

func (k keys) open(sealed []byte, instanceID string) (string, error) {
	aead := k.aead()
	if len(sealed) < aead.NonceSize() {
		return "", errors.New("initial password is damaged")
	}
	plain, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(instanceID))
	return string(plain), err
}

func (k keys) aead() cipher.AEAD {
	block, _ := aes.NewCipher(k.Secret) // 32 bytes, loadKeys has checked
	aead, _ := cipher.NewGCM(block)
	return aead
}

// sign returns a cookie value that says text and cannot be forged; verify reads it back.
func (k keys) sign(text string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(text)) + "." + base64.RawURLEncoding.EncodeToString(k.mac(text))
}

func (k keys) verify(value string) (text string, ok bool) {
	head, tail, _ := strings.Cut(value, ".")
	data, err := base64.RawURLEncoding.DecodeString(head)
	mac, err2 := base64.RawURLEncoding.DecodeString(tail)
	if err != nil || err2 != nil || !hmac.Equal(mac, k.mac(string(data))) {
		return "", false
	}
	return string(data), true
}

func (k keys) mac(text string) []byte {
	m := hmac.New(sha256.New, k.Secret)
	m.Write([]byte("cookie\x00" + text))
	return m.Sum(nil)
}

const hashRounds = 100_000

// hashPassword returns rounds, salt and hash as one text.
func hashPassword(password string) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt)
	return fmt.Sprintf("%d$%x$%x", hashRounds, salt, derive(password, salt, hashRounds))
}

func passwordMatches(stored, password string) bool {
	parts := strings.Split(stored, "$")
	if len(parts) != 3 {
		return false
	}
	rounds, err := strconv.Atoi(parts[0])
	var salt, hash []byte
	if err == nil {
		_, err = fmt.Sscanf(parts[1]+" "+parts[2], "%x %x", &salt, &hash)
	}
	return err == nil && subtle.ConstantTimeCompare(hash, derive(password, salt, rounds)) == 1
}

func derive(password string, salt []byte, rounds int) []byte {
	key, _ := pbkdf2.Key(sha256.New, password, salt, rounds, 32) // fails for absurd lengths only
	return key
}

// newPassword returns 80 random bits as 16 characters that are easy to type.
func newPassword() string {
	t := strings.ToLower(rand.Text())
	return t[:4] + "-" + t[4:8] + "-" + t[8:12] + "-" + t[12:16]
}
