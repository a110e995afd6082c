package backup

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// sink is where a copy is written to, file by file.
type sink interface {
	put(name string, size int64, r io.Reader) error
	// finish makes the copy visible under its name; without it nothing stays.
	finish() error
	abandon()
}

// openSink chooses by the name: one tar file, or a folder that must not hold anything.
func openSink(path string, at time.Time) (sink, error) {
	if strings.HasSuffix(path, ".tar") {
		f, err := os.OpenFile(path+".part", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(path); err == nil {
			f.Close()
			os.Remove(path + ".part")
			return nil, fmt.Errorf("%s exists already", path)
		}
		return &tarSink{path: path, f: f, w: tar.NewWriter(f), at: at}, nil
	}
	if err := mustBeEmpty(path); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	return &folderSink{path: path}, nil
}

// mustBeEmpty admits a folder that does not exist or holds nothing.
func mustBeEmpty(path string) error {
	entries, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && len(entries) > 0 {
		err = fmt.Errorf("%s is not empty", path)
	}
	return err
}

type folderSink struct{ path string }

func (s *folderSink) put(name string, size int64, r io.Reader) error {
	return writeFile(filepath.Join(s.path, filepath.FromSlash(name)), size, r)
}

func (s *folderSink) finish() error { return nil }
func (s *folderSink) abandon()      { os.RemoveAll(s.path) }

// writeFile writes exactly size bytes and waits until they are on the disk.
func writeFile(path string, size int64, r io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(f, r)
	if err == nil && n != size {
		err = fmt.Errorf("%s has %d bytes instead of %d", path, n, size)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

type tarSink struct {
	path string
	f    *os.File
	w    *tar.Writer
	at   time.Time
}

func (s *tarSink) put(name string, size int64, r io.Reader) error {
	if err := s.w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: s.at, Typeflag: tar.TypeReg}); err != nil {
		return err
	}
	n, err := io.Copy(s.w, r)
	if err == nil && n != size {
		err = fmt.Errorf("%s has %d bytes instead of %d", name, n, size)
	}
	return err
}

func (s *tarSink) finish() error {
	if err := errors.Join(s.w.Close(), s.f.Sync(), s.f.Close()); err != nil {
		return err
	}
	return os.Rename(s.path+".part", s.path)
}

func (s *tarSink) abandon() {
	s.f.Close()
	os.Remove(s.path + ".part")
}
