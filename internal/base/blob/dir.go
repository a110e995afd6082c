package blob

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"os"
	"path"
	"runtime"
	"strings"

	"jishi/internal/base/id"
)

const (
	// A stored file is one line that holds its content type, and then the content. One
	// file for both keeps replacement atomic.
	headerMark = "jishi-blob 1 "
	maxHeader  = 256

	// suffix ends the name of every stored file. Keys cannot contain it, so that the
	// keys "a" and "a/b" may both exist.
	suffix  = "@"
	tempDir = ".tmp"
)

// Dir is a Store in a folder. Access goes through os.Root: not even a symbolic link
// put there by somebody else leads out of it.
type Dir struct{ root *os.Root }

// OpenDir opens the folder and makes it when it does not exist.
func OpenDir(folder string) (*Dir, error) {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	if err := root.MkdirAll(tempDir, 0o750); err != nil {
		return nil, errors.Join(fmt.Errorf("blob: %w", err), root.Close())
	}
	return &Dir{root: root}, nil
}

// Close releases the folder.
func (d *Dir) Close() error { return d.root.Close() }

// Put implements Store: a temporary file is written, synced and renamed into place.
func (d *Dir) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	header, err := header(contentType)
	if err != nil {
		return err
	}
	temp := path.Join(tempDir, id.New("blob"))
	f, err := d.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	defer d.root.Remove(temp) // nothing is there any more after success
	_, err = io.WriteString(f, header)
	if err == nil {
		_, err = io.Copy(f, &exactly{r: contextReader{ctx, r}, left: size})
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("blob: put %s: %w", key, err)
	}
	folder := path.Dir(key)
	if err := d.root.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("blob: put %s: %w", key, err)
	}
	if err := d.root.Rename(temp, key+suffix); err != nil {
		return fmt.Errorf("blob: put %s: %w", key, err)
	}
	return d.sync(folder)
}

// Get implements Store. The reader can also seek.
func (d *Dir) Get(_ context.Context, key string) (io.ReadCloser, Info, error) {
	if err := checkKey(key); err != nil {
		return nil, Info{}, err
	}
	f, err := d.root.Open(key + suffix)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Info{}, ErrNotFound
	}
	if err != nil {
		return nil, Info{}, fmt.Errorf("blob: %w", err)
	}
	content, info, err := open(f)
	if err != nil {
		return nil, Info{}, errors.Join(fmt.Errorf("blob: get %s: %w", key, err), f.Close())
	}
	info.Key = key
	return content, info, nil
}

// Delete implements Store. Folders that become empty stay, they cost nothing.
func (d *Dir) Delete(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := d.root.Remove(key + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("blob: %w", err)
	}
	return nil
}

func (d *Dir) sync(folder string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	f, err := d.root.Open(folder)
	if err != nil {
		return fmt.Errorf("blob: %w", err)
	}
	defer f.Close()
	return f.Sync()
}

func header(contentType string) (string, error) {
	if _, _, err := mime.ParseMediaType(contentType); err != nil || len(contentType) > maxHeader/2 || strings.ContainsAny(contentType, "\r\n") {
		return "", fmt.Errorf("blob: %q is not a content type", contentType)
	}
	return headerMark + contentType + "\n", nil
}

// file is the content behind the header line.
type file struct {
	*io.SectionReader
	f *os.File
}

func (c file) Close() error { return c.f.Close() }

func open(f *os.File) (file, Info, error) {
	stat, err := f.Stat()
	if err != nil {
		return file{}, Info{}, err
	}
	line, err := bufio.NewReaderSize(io.LimitReader(f, maxHeader), maxHeader).ReadString('\n')
	contentType, ok := strings.CutPrefix(line, headerMark)
	if err != nil || !ok {
		return file{}, Info{}, errors.New("the file was not written by this program")
	}
	start := int64(len(line))
	size := stat.Size() - start
	info := Info{Size: size, ContentType: strings.TrimSuffix(contentType, "\n"), Modified: stat.ModTime().UTC()}
	return file{io.NewSectionReader(f, start, size), f}, info, nil
}

// contextReader stops a copy when the caller has gone.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}
