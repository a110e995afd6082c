package secret

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// LoadFile reads the master key from a file that only its owner may read: any
// permission for group or others is refused, because a key that others could read
// must be taken as known. Errors: fs.ErrNotExist, ErrKey, and one for permissions.
func LoadFile(path string) (Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return Key{}, fmt.Errorf("secret: master key file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Key{}, fmt.Errorf("secret: master key file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return Key{}, fmt.Errorf("secret: master key file %s is not a regular file", path)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return Key{}, fmt.Errorf("secret: master key file %s may be read by others (mode %04o): make it 0600",
			path, info.Mode().Perm())
	}
	text, err := io.ReadAll(io.LimitReader(f, 1024))
	if err != nil {
		return Key{}, fmt.Errorf("secret: master key file: %w", err)
	}
	key, err := ParseKey(string(text))
	if err != nil {
		return Key{}, fmt.Errorf("secret: master key file %s: %w", path, err)
	}
	return key, nil
}

// LoadOrCreateFile reads the master key from the file, or draws one and writes the
// file with mode 0600 when there is none; created tells which. Two processes that
// start at once agree on one key, and a crash never leaves half a file: the key is
// written beside and linked into place, which fails when the name is taken.
func LoadOrCreateFile(path string) (key Key, created bool, err error) {
	key, err = LoadFile(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return key, false, err
	}
	key = NewKey()
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new") // mode 0600, exclusive
	if err != nil {
		return Key{}, false, fmt.Errorf("secret: write master key file: %w", err)
	}
	defer os.Remove(temp.Name())
	if err := writeAll(temp, key.Encode()+"\n"); err != nil {
		return Key{}, false, fmt.Errorf("secret: write master key file: %w", err)
	}
	err = os.Link(temp.Name(), path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		// A file system without hard links: create exclusively under the name itself.
		err = writeNew(path, key.Encode()+"\n")
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		key, err = LoadFile(path)
		return key, false, err
	case err != nil:
		return Key{}, false, fmt.Errorf("secret: write master key file: %w", err)
	}
	return key, true, syncDir(filepath.Dir(path))
}

// writeNew writes a file that must not exist, readable by its owner only.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := writeAll(f, text); err != nil {
		_ = os.Remove(path)
		return err
	}
	return nil
}

// writeAll fills and closes f and waits until it is on the disk.
func writeAll(f *os.File, text string) error {
	_, err := f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDir makes a new name in a folder survive a power cut.
func syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be opened for syncing there
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
